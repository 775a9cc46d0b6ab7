/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.parquet;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.ColumnType.Kind;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * What columns of Parquet files are in a table: the types that Spark reads them as. Lists and maps
 * are found by the rules of Parquet's format, those for older writers too. Used by one thread, for
 * one file.
 */
final class ParquetTypes {
  private static final int DEEPEST = 64;
  private static final int MOST_COLUMNS = 10_000;

  private final MessageType schema;
  private final String file;
  private int leaves;

  private ParquetTypes(MessageType schema, String file) {
    this.schema = schema;
    this.file = file;
  }

  /**
   * The columns.
   *
   * @throws ServerError 400 when there are none or too many, or one is of a type that tables of
   *     publications do not have
   */
  static List<ParquetNode> of(MessageType schema, String file) {
    ParquetTypes types = new ParquetTypes(schema, file);
    List<ParquetNode> columns = new ArrayList<>();
    for (Type field : schema.getFields()) {
      columns.add(types.field(new Place(List.of(), 0, 0), field));
    }
    if (columns.isEmpty()) {
      throw types.tooMany(0);
    }
    return List.copyOf(columns);
  }

  private ServerError tooMany(int columns) {
    return ServerError.invalid(
        "'%s' has %s columns. A table has 1 to %,d, those in structs, arrays and maps counted"
            .formatted(
                file, columns == 0 ? "no" : "more than %,d".formatted(columns), MOST_COLUMNS));
  }

  /** A group of the schema: the names that lead to it, and its levels. */
  private record Place(List<String> path, int definition, int repetition) {
    /** That of a field of it. */
    Place of(Type field) {
      List<String> longer = new ArrayList<>(path);
      longer.add(field.getName());
      boolean repeated = field.isRepetition(Type.Repetition.REPEATED);
      return new Place(
          longer,
          definition + (field.isRepetition(Type.Repetition.REQUIRED) ? 0 : 1),
          repetition + (repeated ? 1 : 0));
    }
  }

  /** A field of a struct or of the file, which without more is an array if it is repeated. */
  private ParquetNode field(Place parent, Type field) {
    if (field.isRepetition(Type.Repetition.REPEATED)) {
      return array(parent, field, element(parent.of(field), field));
    }
    return element(parent.of(field), field);
  }

  private static ParquetNode array(Place list, Type repeated, ParquetNode element) {
    return new ParquetNode(
        ColumnType.array(element.type()),
        list.definition(),
        list.of(repeated).repetition(),
        Optional.empty(),
        List.of(element));
  }

  /** Whatever a type is, but for being repeated. */
  private ParquetNode element(Place place, Type type) {
    if (place.path().size() > DEEPEST) {
      throw unsupported(
          new Place(place.path().subList(0, 1), 0, 0),
          "is nested in more than %d groups".formatted(DEEPEST - 1));
    }
    if (type.isPrimitive()) {
      return leaf(place, type.asPrimitiveType());
    }
    GroupType group = type.asGroupType();
    LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
    if (logical instanceof ListLogicalTypeAnnotation) {
      return list(place, group);
    }
    if (logical instanceof MapLogicalTypeAnnotation
        || logical instanceof MapKeyValueTypeAnnotation) {
      return map(place, group);
    }
    if (logical != null || group.getFieldCount() == 0) {
      throw unsupported(place, "is a group (%s)".formatted(logical));
    }
    return struct(place, group);
  }

  private ParquetNode struct(Place place, GroupType group) {
    List<ParquetNode> parts = new ArrayList<>();
    List<CsvColumn> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Type field : group.getFields()) {
      ParquetNode part = field(place, field);
      parts.add(part);
      fields.add(new CsvColumn(field.getName(), part.type()));
      if (!names.add(field.getName().toLowerCase(Locale.ROOT))) {
        throw unsupported(place, "has two fields '%s', but for case".formatted(field.getName()));
      }
    }
    return new ParquetNode(
        ColumnType.struct(fields), place.definition(), place.repetition(), Optional.empty(), parts);
  }

  private ParquetNode list(Place place, GroupType list) {
    if (list.getFieldCount() != 1 || !list.getType(0).isRepetition(Type.Repetition.REPEATED)) {
      throw unsupported(place, "is a LIST without the one repeated field that makes it one");
    }
    Type repeated = list.getType(0);
    Place inside = place.of(repeated);
    if (isElement(list, repeated)) {
      return array(place, repeated, element(inside, repeated));
    }
    Type element = repeated.asGroupType().getType(0);
    return array(place, repeated, element(inside.of(element), element));
  }

  /** Whether a list has two levels, as older writers make them, not three. */
  private static boolean isElement(GroupType list, Type repeated) {
    return repeated.isPrimitive()
        || repeated.asGroupType().getFieldCount() != 1
        || repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)
        || repeated.getName().equals("array")
        || repeated.getName().equals(list.getName() + "_tuple");
  }

  private ParquetNode map(Place place, GroupType map) {
    if (map.getFieldCount() != 1
        || map.getType(0).isPrimitive()
        || !map.getType(0).isRepetition(Type.Repetition.REPEATED)
        || map.getType(0).asGroupType().getFieldCount() != 2
        || map.getType(0).asGroupType().getFields().stream()
            .anyMatch(part -> part.isRepetition(Type.Repetition.REPEATED))) {
      throw unsupported(place, "is a MAP without the repeated key and value that make it one");
    }
    GroupType repeated = map.getType(0).asGroupType();
    Place inside = place.of(repeated);
    ParquetNode key = element(inside.of(repeated.getType(0)), repeated.getType(0));
    ParquetNode value = element(inside.of(repeated.getType(1)), repeated.getType(1));
    if (key.type().isNested()) {
      throw unsupported(place, "is a MAP whose keys are nested");
    }
    return new ParquetNode(
        ColumnType.map(key.type(), value.type()),
        place.definition(),
        inside.repetition(),
        Optional.empty(),
        List.of(key, value));
  }

  private ParquetNode leaf(Place place, PrimitiveType type) {
    if (++leaves > MOST_COLUMNS) {
      throw tooMany(MOST_COLUMNS);
    }
    ColumnType found =
        type(type)
            .orElseThrow(
                () ->
                    unsupported(
                        place,
                        "has the type "
                            + type.getPrimitiveTypeName()
                            + (type.getLogicalTypeAnnotation() == null
                                ? ""
                                : " (" + type.getLogicalTypeAnnotation() + ")")));
    return new ParquetNode(
        found,
        place.definition(),
        place.repetition(),
        Optional.of(schema.getColumnDescription(place.path().toArray(String[]::new))),
        List.of());
  }

  private ServerError unsupported(Place place, String what) {
    return ServerError.invalid(
        "Column '%s' of '%s' %s, which published files cannot have. Write it as a column of numbers, text, times, booleans or bytes, or of structs, lists and maps of these, or make a Delta table of it and share that"
            .formatted(String.join(".", place.path()), file, what));
  }

  private static Optional<ColumnType> type(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal.getPrecision() <= ColumnType.MOST_DIGITS
          ? Optional.of(ColumnType.decimal(decimal.getPrecision(), decimal.getScale()))
          : Optional.empty();
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> plain(logical, Kind.BOOLEAN);
      case FLOAT -> plain(logical, Kind.FLOAT);
      case DOUBLE -> plain(logical, Kind.DOUBLE);
      case INT96 -> plain(logical, Kind.TIMESTAMP);
      case INT32 ->
          logical instanceof DateLogicalTypeAnnotation
              ? Optional.of(ColumnType.of(Kind.DATE))
              : whole(logical, Kind.INTEGER);
      case INT64 ->
          logical instanceof TimestampLogicalTypeAnnotation time
              ? time(time)
              : whole(logical, Kind.LONG);
      case BINARY -> bytes(logical);
      case FIXED_LEN_BYTE_ARRAY -> Optional.empty();
    };
  }

  private static Optional<ColumnType> plain(LogicalTypeAnnotation logical, Kind kind) {
    return logical == null ? Optional.of(ColumnType.of(kind)) : Optional.empty();
  }

  private static Optional<ColumnType> whole(LogicalTypeAnnotation logical, Kind kind) {
    if (logical instanceof IntLogicalTypeAnnotation number && number.isSigned()) {
      return Optional.of(
          ColumnType.of(
              switch (number.getBitWidth()) {
                case 8 -> Kind.BYTE;
                case 16 -> Kind.SHORT;
                default -> kind;
              }));
    }
    return plain(logical, kind);
  }

  private static Optional<ColumnType> time(TimestampLogicalTypeAnnotation time) {
    return time.getUnit() == TimeUnit.NANOS
        ? Optional.empty()
        : Optional.of(ColumnType.of(time.isAdjustedToUTC() ? Kind.TIMESTAMP : Kind.TIMESTAMP_NTZ));
  }

  private static Optional<ColumnType> bytes(LogicalTypeAnnotation logical) {
    return logical instanceof StringLogicalTypeAnnotation
            || logical instanceof EnumLogicalTypeAnnotation
            || logical instanceof JsonLogicalTypeAnnotation
        ? Optional.of(ColumnType.STRING)
        : plain(logical, Kind.BINARY);
  }
}
