/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Values that parse are compared with Delta Lake's in OracleTest; here are those that don't, and
 * the edges.
 */
@Tag("unit")
class PartitionValuesTest {
  private static Object value(String type, String text) {
    StructType schema = new StructType().add("p", DataType.fromDDL(type));
    InternalRow row =
        new PartitionValues(schema, "America/Los_Angeles")
            .row("s.s.t", "file1", new String[] {text});
    return row.isNullAt(0) ? null : row.get(0, schema.fields()[0].dataType());
  }

  @ParameterizedTest
  @CsvSource({
    "int, x",
    "int, 2147483648",
    "bigint, 1.5",
    "tinyint, 128",
    "smallint, 40000",
    "double, abc",
    "boolean, yes",
    "date, 2024-13-01",
    "date, soon",
    "timestamp, 2024-01-01 25:00:00",
    "timestamp_ntz, never",
    "'decimal(5,2)', 12345.67",
    "'decimal(5,2)', 1.234",
    "'array<int>', 1",
  })
  void aTextThatIsNotOfItsTypeIsAnErrorNeverNull(String type, String text) {
    assertThatThrownBy(() -> value(type, text))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("file1")
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("column p");
  }

  @ParameterizedTest
  @CsvSource({
    "int",
    "string",
    "date",
    "timestamp",
    "boolean",
    "double",
    "binary",
    "'decimal(5,2)'"
  })
  void nullAndEmptyAreNull(String type) {
    assertThat(value(type, null)).isNull();
    assertThat(value(type, "")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // Without a zone: the session's. With one: that.
    "2024-01-01 00:00:00, 1704096000000000",
    "2024-01-01 00:00:00.123456, 1704096000123456",
    "2024-01-01T00:00:00.000000Z, 1704067200000000",
  })
  void timestampsHonourTheirZone(String text, long micros) {
    assertThat(value("timestamp", text)).isEqualTo(micros);
  }
}
