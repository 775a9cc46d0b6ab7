/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import io.github.deltasharing.server.error.ServerError;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The type of a column. Immutable.
 *
 * @param kind which type
 * @param precision the digits of a decimal, else 0
 * @param scale those after its point, else 0
 * @param parts a struct's fields, an array's element, a map's key and value; else none
 */
public record ColumnType(Kind kind, int precision, int scale, List<CsvColumn> parts) {
  /** The types that columns can have. */
  public enum Kind {
    STRING,
    BOOLEAN,
    BYTE,
    SHORT,
    INTEGER,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIMESTAMP,
    TIMESTAMP_NTZ,
    BINARY,
    STRUCT,
    ARRAY,
    MAP
  }

  /** Text. */
  public static final ColumnType STRING = of(Kind.STRING);

  /** The most digits of a decimal. */
  public static final int MOST_DIGITS = 38;

  private static final List<Kind> WHOLE = List.of(Kind.BYTE, Kind.SHORT, Kind.INTEGER, Kind.LONG);
  private static final Pattern DECIMAL =
      Pattern.compile("(?:decimal|numeric)\\s*\\(\\s*(\\d{1,2})\\s*(?:,\\s*(\\d{1,2})\\s*)?\\)");

  public ColumnType {
    parts = List.copyOf(parts);
  }

  /** A type that is no decimal, and has no parts. */
  public static ColumnType of(Kind kind) {
    return new ColumnType(kind, 0, 0, List.of());
  }

  public static ColumnType struct(List<CsvColumn> fields) {
    return new ColumnType(Kind.STRUCT, 0, 0, fields);
  }

  public static ColumnType array(ColumnType element) {
    return new ColumnType(Kind.ARRAY, 0, 0, List.of(new CsvColumn("element", element)));
  }

  public static ColumnType map(ColumnType key, ColumnType value) {
    return new ColumnType(
        Kind.MAP, 0, 0, List.of(new CsvColumn("key", key), new CsvColumn("value", value)));
  }

  /** Whether it has parts. */
  public boolean isNested() {
    return !parts.isEmpty();
  }

  /** Whether it, or a part of it, is of a kind. */
  public boolean has(Kind other) {
    return kind == other || parts.stream().anyMatch(part -> part.type().has(other));
  }

  /** The type of one of its parts. */
  public ColumnType part(int index) {
    return parts.get(index).type();
  }

  /** A decimal of so many digits, so many of them after the point. */
  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(Kind.DECIMAL, precision, scale, List.of());
  }

  /**
   * A type by its name in Delta or in SQL.
   *
   * @throws ServerError 400 when there is none of this name
   */
  public static ColumnType parse(String name) {
    String type = name.strip().toLowerCase(Locale.ROOT);
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2));
      if (precision >= 1 && precision <= MOST_DIGITS && scale <= precision) {
        return decimal(precision, scale);
      }
    }
    return switch (type) {
      case "string", "varchar", "text" -> STRING;
      case "boolean" -> of(Kind.BOOLEAN);
      case "byte", "tinyint" -> of(Kind.BYTE);
      case "short", "smallint" -> of(Kind.SHORT);
      case "integer", "int" -> of(Kind.INTEGER);
      case "long", "bigint" -> of(Kind.LONG);
      case "float", "real" -> of(Kind.FLOAT);
      case "double" -> of(Kind.DOUBLE);
      case "date" -> of(Kind.DATE);
      case "timestamp" -> of(Kind.TIMESTAMP);
      case "timestamp_ntz" -> of(Kind.TIMESTAMP_NTZ);
      case "binary" -> of(Kind.BINARY);
      default ->
          throw ServerError.invalid(
              "There is no type '"
                  + name.substring(0, Math.min(name.length(), 100))
                  + "'. A column's type is string, boolean, byte, short, integer, long, float,"
                  + " double, decimal(p,s),"
                  + " date, timestamp, timestamp_ntz or binary");
    };
  }

  /** Whether this type has each value of another one. */
  public boolean holds(ColumnType other) {
    return equals(other)
        || WHOLE.indexOf(other.kind) >= 0 && WHOLE.indexOf(kind) > WHOLE.indexOf(other.kind)
        || kind == Kind.DOUBLE && other.kind == Kind.FLOAT
        || kind == Kind.DECIMAL
            && other.kind == Kind.DECIMAL
            && scale == other.scale
            && precision > other.precision
        || isNested() && kind == other.kind && holdsParts(other);
  }

  private boolean holdsParts(ColumnType other) {
    if (parts.size() != other.parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).name().equals(other.parts.get(i).name()) || !part(i).holds(other.part(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is a type of this name. */
  public static boolean isKnown(String name) {
    try {
      parse(name);
      return true;
    } catch (ServerError e) {
      return false;
    }
  }

  /** As Delta writes it in schemas; one with parts as SQL does. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return switch (kind) {
      case DECIMAL -> name + "(" + precision + "," + scale + ")";
      case STRUCT, ARRAY, MAP ->
          name
              + parts.stream()
                  .map(part -> (kind == Kind.STRUCT ? part.name() + ":" : "") + part.type())
                  .collect(Collectors.joining(",", "<", ">"));
      default -> name;
    };
  }
}
