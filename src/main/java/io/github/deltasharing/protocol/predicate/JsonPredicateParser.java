/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.predicate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the grammar of {@link JsonPredicate}. Strict: whatever the grammar does not have makes the
 * whole predicate unreadable, so that nobody filters by half of an {@code or}. The text comes from
 * anybody: it is counted before a tree is made of it, and a tree is never deep enough to overflow
 * the stack of whoever walks it. Stateless.
 */
final class JsonPredicateParser {
  /** Levels of operators: an operator is an object and the array of its children. */
  static final int MAX_DEPTH = 100;

  /** JSON tokens, 23 a comparison: some 2,500 comparisons, and no large tree of anything else. */
  static final int MAX_TOKENS = 60_000;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonPredicateParser() {}

  static JsonPredicate parse(String json) {
    try {
      requireSmall(json);
      return predicate(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
  }

  private static void requireSmall(String json) throws IOException {
    try (JsonParser parser = MAPPER.createParser(json)) {
      int tokens = 0;
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (++tokens > MAX_TOKENS) {
          throw new IllegalArgumentException("more than " + MAX_TOKENS + " JSON tokens");
        }
        if (depth > 2 * MAX_DEPTH) {
          throw tooDeep();
        }
      }
    }
  }

  private static IllegalArgumentException tooDeep() {
    return new IllegalArgumentException("more than " + MAX_DEPTH + " levels");
  }

  static JsonPredicate predicate(JsonNode json) {
    return predicate(json, MAX_DEPTH);
  }

  private static JsonPredicate predicate(JsonNode json, int levels) {
    if (levels == 0) {
      throw tooDeep();
    }
    String op = op(json);
    JsonNode children = json.path("children");
    var comparator = JsonPredicate.Comparator.ofOp(op);
    if (comparator.isPresent()) {
      requireChildren(op, children, 2, 2);
      return new JsonPredicate.Comparison(
          comparator.get(), operand(children.get(0)), operand(children.get(1)));
    }
    return switch (op.toLowerCase(Locale.ROOT)) {
      case "and" -> new JsonPredicate.And(predicates(op, children, 2, levels));
      case "or" -> new JsonPredicate.Or(predicates(op, children, 2, levels));
      case "not" -> {
        requireChildren(op, children, 1, 1);
        yield new JsonPredicate.Not(predicate(children.get(0), levels - 1));
      }
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

  private static List<JsonPredicate> predicates(String op, JsonNode children, int min, int levels) {
    requireChildren(op, children, min, Integer.MAX_VALUE);
    List<JsonPredicate> predicates = new ArrayList<>(children.size());
    children.forEach(child -> predicates.add(predicate(child, levels - 1)));
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
