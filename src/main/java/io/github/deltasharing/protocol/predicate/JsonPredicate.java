/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A filter as the protocol writes it in {@code jsonPredicateHints}: an immutable tree, the same
 * model for the client (which writes it) and the server (which reads it). A predicate has SQL's
 * meaning, three-valued logic included. Safe for use by several threads.
 *
 * <p>{@link #parse(String)} reads the protocol's grammar, {@link #toJson()} writes it.
 */
public sealed interface JsonPredicate {

  /** The tree as the protocol's JSON object. */
  ObjectNode toJson();

  /**
   * Reads a predicate.
   *
   * @throws IllegalArgumentException when the text is not JSON or not of the protocol's grammar
   */
  static JsonPredicate parse(String json) {
    return JsonPredicateParser.parse(json);
  }

  /** Reads a predicate from a parsed tree; throws as {@link #parse(String)} does. */
  static JsonPredicate parse(JsonNode json) {
    return JsonPredicateParser.predicate(json);
  }

  /** A side of a comparison. */
  sealed interface Operand {
    /** The type that both sides of the comparison are cast to. */
    ValueType valueType();

    /** The operand as the protocol's JSON object. */
    ObjectNode toJson();
  }

  /** A column by its name; nested fields are separated by dots. */
  record Column(String name, ValueType valueType) implements Operand {
    @Override
    public ObjectNode toJson() {
      return node("column").put("name", name).put("valueType", valueType.wireName());
    }
  }

  /** A constant; the value is text, of the form that its type prescribes. */
  record Literal(String value, ValueType valueType) implements Operand {
    @Override
    public ObjectNode toJson() {
      return node("literal").put("value", value).put("valueType", valueType.wireName());
    }
  }

  /** The comparisons of the grammar. */
  enum Comparator {
    EQUAL("equal"),
    LESS_THAN("lessThan"),
    LESS_THAN_OR_EQUAL("lessThanOrEqual"),
    GREATER_THAN("greaterThan"),
    GREATER_THAN_OR_EQUAL("greaterThanOrEqual");

    private final String op;

    Comparator(String op) {
      this.op = op;
    }

    /** The op's name on the wire. */
    public String op() {
      return op;
    }

    /** The comparison that says the same with its sides exchanged. */
    public Comparator flipped() {
      return switch (this) {
        case EQUAL -> EQUAL;
        case LESS_THAN -> GREATER_THAN;
        case LESS_THAN_OR_EQUAL -> GREATER_THAN_OR_EQUAL;
        case GREATER_THAN -> LESS_THAN;
        case GREATER_THAN_OR_EQUAL -> LESS_THAN_OR_EQUAL;
      };
    }

    /** The comparison of this op, in any case; empty when there is none. */
    public static Optional<Comparator> ofOp(String op) {
      for (Comparator comparator : values()) {
        if (comparator.op.toLowerCase(Locale.ROOT).equals(op.toLowerCase(Locale.ROOT))) {
          return Optional.of(comparator);
        }
      }
      return Optional.empty();
    }
  }

  /** {@code left comparator right}; unknown when either side is null. */
  record Comparison(Comparator comparator, Operand left, Operand right) implements JsonPredicate {
    @Override
    public ObjectNode toJson() {
      ObjectNode json = node(comparator.op());
      json.putArray("children").add(left.toJson()).add(right.toJson());
      return json;
    }
  }

  /** Whether the column is null; never unknown. */
  record IsNull(Column column) implements JsonPredicate {
    @Override
    public ObjectNode toJson() {
      ObjectNode json = node("isNull");
      json.putArray("children").add(column.toJson());
      return json;
    }
  }

  /** All of two or more children. */
  record And(List<JsonPredicate> children) implements JsonPredicate {
    public And {
      children = List.copyOf(children);
    }

    @Override
    public ObjectNode toJson() {
      return nary("and", children);
    }
  }

  /** Any of two or more children. */
  record Or(List<JsonPredicate> children) implements JsonPredicate {
    public Or {
      children = List.copyOf(children);
    }

    @Override
    public ObjectNode toJson() {
      return nary("or", children);
    }
  }

  /** The opposite of its child; unknown stays unknown. */
  record Not(JsonPredicate child) implements JsonPredicate {
    @Override
    public ObjectNode toJson() {
      return nary("not", List.of(child));
    }
  }

  private static ObjectNode node(String op) {
    return JsonNodeFactory.instance.objectNode().put("op", op);
  }

  private static ObjectNode nary(String op, List<JsonPredicate> children) {
    ObjectNode json = node(op);
    ArrayNode array = json.putArray("children");
    children.forEach(child -> array.add(child.toJson()));
    return json;
  }
}
