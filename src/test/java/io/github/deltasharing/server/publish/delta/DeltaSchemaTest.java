/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.ColumnType;
import io.github.deltasharing.server.publish.csv.CsvColumn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that another writer made what publications do not write are not written to. */
@Tag("unit")
class DeltaSchemaTest {
  private static DeltaSchema of(String type, String nullable, String metadata) {
    String schema =
        "{\"type\":\"struct\",\"fields\":[{\"name\":\"c\",\"type\":%s,\"nullable\":%s,\"metadata\":%s}]}"
            .formatted(type, nullable, metadata);
    return DeltaSchema.of(
        new Metadata(
            "id", null, null, null, schema, List.of(), Map.of(), null, null, null, null, null));
  }

  @Test
  void plainColumnsAreWritten() {
    assertThat(of("\"long\"", "true", "{}").columns()).hasSize(1);
  }

  @Test
  void columnsWithPartsAreWrittenAsTheyAreRead() {
    DeltaSchema schema =
        DeltaSchema.of(
            List.of(
                new CsvColumn("id", ColumnType.of(ColumnType.Kind.LONG)),
                new CsvColumn(
                    "items",
                    ColumnType.array(
                        ColumnType.struct(
                            List.of(
                                new CsvColumn("a b", ColumnType.STRING),
                                new CsvColumn(
                                    "m",
                                    ColumnType.map(
                                        ColumnType.STRING, ColumnType.decimal(9, 2)))))))));
    assertThat(schema.mapped()).isTrue();
    assertThat(schema.lastId()).isEqualTo(4);
    assertThat(schema.columns().get(1).type())
        .hasToString("array<struct<a b:string,m:map<string,decimal(9,2)>>>");
    assertThat(
            DeltaSchema.of(
                new Metadata(
                    "id",
                    null,
                    null,
                    null,
                    schema.toJson(),
                    List.of(),
                    schema.properties(),
                    null,
                    null,
                    null,
                    null,
                    null)))
        .isEqualTo(schema);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"long\" false {}",
        "\"long\" true {\"delta.invariants\":\"x\"}",
        "\"long\" true {\"delta.generationExpression\":\"x\"}",
        "\"interval\" true {}",
        "{\"type\":\"array\"} true {}",
        "{\"type\":\"array\",\"elementType\":\"long\",\"containsNull\":false} true {}",
        "{\"type\":\"struct\",\"fields\":[]} true {}"
      })
  void othersAreNot(String column) {
    String[] parts = column.split(" ");
    assertThatThrownBy(() -> of(parts[0], parts[1], parts[2]))
        .isInstanceOfSatisfying(
            ServerError.class, error -> assertThat(error.status()).isEqualTo(409))
        .hasMessageContaining("another writer");
  }
}
