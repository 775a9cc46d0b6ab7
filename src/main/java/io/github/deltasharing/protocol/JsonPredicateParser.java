package io.github.deltasharing.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the grammar of {@link JsonPredicate}. Strict: whatever the grammar does not have makes the
 * whole predicate unreadable, so that nobody filters by half of an {@code or}. Stateless.
 */
final class JsonPredicateParser {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonPredicateParser() {}

  static JsonPredicate parse(String json) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    return predicate(tree);
  }

  static JsonPredicate predicate(JsonNode json) {
    String op = op(json);
    JsonNode children = json.path("children");
    var comparator = JsonPredicate.Comparator.ofOp(op);
    if (comparator.isPresent()) {
      requireChildren(op, children, 2, 2);
      return new JsonPredicate.Comparison(
          comparator.get(), operand(children.get(0)), operand(children.get(1)));
    }
    return switch (op.toLowerCase(Locale.ROOT)) {
      case "and" -> new JsonPredicate.And(predicates(op, children, 2, Integer.MAX_VALUE));
      case "or" -> new JsonPredicate.Or(predicates(op, children, 2, Integer.MAX_VALUE));
      case "not" -> new JsonPredicate.Not(predicates(op, children, 1, 1).get(0));
      case "isnull" -> isNull(op, children);
      default -> throw new IllegalArgumentException("unknown op '" + op + "'");
    };
  }

  private static JsonPredicate isNull(String op, JsonNode children) {
    requireChildren(op, children, 1, 1);
    if (operand(children.get(0)) instanceof JsonPredicate.Column column) {
      return new JsonPredicate.IsNull(column);
    }
    throw new IllegalArgumentException("isNull takes a column");
  }

  private static JsonPredicate.Operand operand(JsonNode json) {
    String op = op(json);
    String typeName = text(json, op, "valueType");
    ValueType type =
        ValueType.ofWireName(typeName)
            .orElseThrow(
                () -> new IllegalArgumentException("unknown valueType '" + typeName + "'"));
    return switch (op.toLowerCase(Locale.ROOT)) {
      case "column" -> new JsonPredicate.Column(text(json, op, "name"), type);
      case "literal" -> new JsonPredicate.Literal(text(json, op, "value"), type);
      default ->
          throw new IllegalArgumentException("op '" + op + "' is neither column nor literal");
    };
  }

  private static List<JsonPredicate> predicates(String op, JsonNode children, int min, int max) {
    requireChildren(op, children, min, max);
    List<JsonPredicate> predicates = new ArrayList<>(children.size());
    children.forEach(child -> predicates.add(predicate(child)));
    return predicates;
  }

  private static void requireChildren(String op, JsonNode children, int min, int max) {
    if (!children.isArray() || children.size() < min || children.size() > max) {
      throw new IllegalArgumentException("wrong number of children of '" + op + "'");
    }
  }

  private static String op(JsonNode json) {
    return text(json, "a predicate", "op");
  }

  private static String text(JsonNode json, String of, String field) {
    JsonNode value = json.path(field);
    if (!value.isValueNode() || value.isNull()) {
      throw new IllegalArgumentException("no '" + field + "' in " + of);
    }
    return value.asText();
  }
}
