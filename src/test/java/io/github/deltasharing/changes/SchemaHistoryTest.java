/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.changes;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.protocol.Metadata;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of a schema a change feed is read across. */
@Tag("unit")
class SchemaHistoryTest {
  private static Metadata metadata(String ddl) {
    return metadata("t", StructType.fromDDL(ddl), Map.of());
  }

  private static Metadata metadata(
      String id, StructType schema, Map<String, String> configuration, String... partitions) {
    return new Metadata(
        id,
        null,
        null,
        "parquet",
        schema.json(),
        List.of(partitions),
        configuration,
        null,
        null,
        null,
        List.of());
  }

  private static void check(Metadata read, Metadata other, long version) {
    new SchemaHistory("s.s.t", read, 5).check(other, version);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a INT|a INT",
        "a INT, b STRING|a INT",
        "a INT, b STRING|b STRING",
        "s STRUCT<x: INT, y: INT>|s STRUCT<x: INT>",
        "l ARRAY<STRUCT<x: INT, y: INT>>|l ARRAY<STRUCT<y: INT>>",
        "a INT|a INT NOT NULL"
      })
  void columnsMayBeAdded(String read, String earlier) {
    assertThatCode(() -> check(metadata(read), metadata(earlier), 3)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a INT|a INT, b INT|column b was dropped or renamed",
        "A INT|a INT|column a was dropped or renamed",
        "a BIGINT|a INT|column a went from int to bigint",
        "s STRUCT<x: INT>|s STRUCT<x: STRING>|column s.x went from string to int",
        "m MAP<INT, INT>|m MAP<INT, STRING>|column m.value went from string to int",
        "a INT NOT NULL|a INT|column a can be null"
      })
  void anythingElseIsNamed(String read, String earlier, String said) {
    assertThatThrownBy(() -> check(metadata(read), metadata(earlier), 3))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("version 3")
        .hasMessageContaining(said)
        .hasMessageContaining("'endingVersion'");
  }

  @Test
  void laterVersionsMayHaveMoreColumns() {
    assertThatCode(() -> check(metadata("a INT"), metadata("a INT, b INT"), 6))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(metadata("a INT"), metadata("b INT"), 6))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("version 6")
        .hasMessageContaining("column a was dropped or renamed")
        .hasMessageContaining("load()");
    assertThatThrownBy(() -> check(metadata("a INT NOT NULL"), metadata("a INT"), 6))
        .hasMessageContaining("can be null");
  }

  @Test
  void anotherTableIsRefused() {
    Metadata other = metadata("u", StructType.fromDDL("a INT"), Map.of());
    assertThatThrownBy(() -> check(metadata("a INT"), other, 2))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("version 2")
        .hasMessageContaining("another table");
  }

  @Test
  void anotherPartitioningIsRefused() {
    StructType schema = StructType.fromDDL("a INT, p INT");
    assertThatThrownBy(
            () -> check(metadata("t", schema, Map.of(), "p"), metadata("t", schema, Map.of()), 2))
        .hasMessageContaining("partitioned by [], not by [p]");
  }

  private static StructType mapped(String name, String physical) {
    return new StructType()
        .add(
            new StructField(
                name,
                org.apache.spark.sql.types.DataTypes.IntegerType,
                true,
                new MetadataBuilder()
                    .putString("delta.columnMapping.physicalName", physical)
                    .build()));
  }

  @Test
  void mappedColumnsAreKnownByTheirPhysicalNames() {
    Map<String, String> mode = Map.of("delta.columnMapping.mode", "name");
    Metadata read = metadata("t", mapped("a", "a"), mode);
    Metadata unmapped = metadata("a INT");
    assertThatCode(() -> check(read, unmapped, 2)).doesNotThrowAnyException();
    Metadata droppedAndAdded = metadata("t", mapped("a", "col-1"), mode);
    assertThatThrownBy(() -> check(droppedAndAdded, read, 2))
        .hasMessageContaining("column a was dropped or renamed");
    assertThatThrownBy(() -> check(droppedAndAdded, unmapped, 2))
        .hasMessageContaining("column a was dropped or renamed");
    assertThatThrownBy(() -> check(metadata("t", mapped("b", "a"), mode), read, 2))
        .hasMessageContaining("column a was dropped or renamed");
    assertThatThrownBy(() -> check(unmapped, read, 2)).hasMessageContaining("switched off");
  }
}
