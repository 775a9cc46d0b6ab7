/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The columns that are partition columns in Delta's terms: of tables whose files may lack them, the
 * columns that each of the table's partition specs has as they are, and of which Delta's text of a
 * value says exactly that value. Immutable.
 */
final class IdentityPartitions {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ZONED_MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final IcebergTable table;
  private final List<NestedField> columns = new ArrayList<>();

  /**
   * @param schema of the version
   */
  IdentityPartitions(LoadedTable loaded, Schema schema) {
    this.table = loaded.table();
    if (!ColumnsByName.isUsed(loaded.metadata())) {
      return;
    }
    List<PartitionSpec> specs = loaded.metadata().specs();
    schema.columns().stream()
        .filter(column -> isExact(column.type()))
        .filter(column -> specs.stream().allMatch(spec -> place(spec, column).isPresent()))
        .forEach(columns::add);
  }

  /** Whether values come out of their texts as they went in, whoever reads them. */
  private static boolean isExact(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN, INTEGER, LONG, DECIMAL, DATE, TIMESTAMP, STRING -> true;
      default -> false;
    };
  }

  private static OptionalInt place(PartitionSpec spec, NestedField column) {
    List<PartitionField> fields = spec.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).sourceId() == column.fieldId() && fields.get(i).transform().isIdentity()) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  List<String> names() {
    return columns.stream().map(NestedField::name).toList();
  }

  /** Whether a column is one of them. */
  boolean has(int id) {
    return columns.stream().anyMatch(column -> column.fieldId() == id);
  }

  /** A file's values by the columns' names, null for null. */
  Map<String, String> values(PartitionSpec spec, StructLike partition) {
    if (columns.isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new HashMap<>();
    for (NestedField column : columns) {
      Object value = partition.get(place(spec, column).orElseThrow(), Object.class);
      values.put(column.name(), value == null ? null : text(column, value));
    }
    return values;
  }

  /** As the Delta protocol has it ("Partition Value Serialization"). */
  private String text(NestedField column, Object value) {
    return switch (column.type().typeId()) {
      case DECIMAL -> ((BigDecimal) value).toPlainString();
      case DATE -> {
        LocalDate day = LocalDate.ofEpochDay((Integer) value);
        yield known(column, day.getYear(), day.toString());
      }
      case TIMESTAMP -> {
        Instant time = Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
        boolean zoned = ((Types.TimestampType) column.type()).shouldAdjustToUTC();
        yield known(
            column,
            time.atOffset(ZoneOffset.UTC).getYear(),
            (zoned ? ZONED_MICROS : MICROS).format(time));
      }
      case STRING -> {
        if (value.toString().isEmpty()) {
          throw refused(column, "the empty text, which Delta takes for null");
        }
        yield value.toString();
      }
      default -> value.toString();
    };
  }

  private String known(NestedField column, int year, String text) {
    if (!FileMetrics.hasText(year)) {
      throw refused(column, "a time outside of the years 1 to 9999");
    }
    return text;
  }

  private RuntimeException refused(NestedField column, String value) {
    return table.unsupported(
        ("a file has, in the partition column '%s', %s. Have all files rewritten (rewrite_data_files with rewrite-all), and"
                + " the property schema.name-mapping.default removed")
            .formatted(column.name(), value));
  }
}
