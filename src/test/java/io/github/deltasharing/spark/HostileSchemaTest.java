/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas that a server should not send, as far as Spark. */
@Timeout(60)
class HostileSchemaTest {
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";

  @TempDir static Path directory;
  private final StubServer stub = new StubServer();

  @AfterEach
  void close() {
    stub.close();
  }

  private Dataset<Row> load(String schema) {
    try {
      String text = new ObjectMapper().writeValueAsString(schema);
      String metadata =
          "{\"metaData\":{\"id\":\"i\",\"format\":{\"provider\":\"parquet\"},\"schemaString\":"
              + text
              + ",\"partitionColumns\":[]}}";
      StubAnswer answer =
          StubAnswer.ndjson("{\"protocol\":{\"minReaderVersion\":1}}", metadata)
              .withHeader("Delta-Table-Version", "1");
      stub.on(TABLE + "/metadata", answer).on(TABLE + "/query", answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path profile = directory.resolve("stub.share");
    TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
    return TestSpark.session().read().format("deltaSharing").load(profile + "#share.schema.t");
  }

  private static String field(String name, String type, String metadata) {
    return "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":%s}"
        .formatted(name, type, metadata);
  }

  private static String struct(String fields) {
    return "{\"type\":\"struct\",\"fields\":[" + fields + "]}";
  }

  @Test
  void aSchemaOfManyColumnsTakesNoTimeThatGrowsWithItsSquare() {
    String schema =
        struct(
            IntStream.range(0, 20_000)
                .mapToObj(i -> field("c" + i, "\"long\"", "{}"))
                .collect(Collectors.joining(",")));
    Dataset<Row> table = load(schema);
    assertThat(table.columns()).hasSize(20_000);
    assertThat(table.select("c1", "c19999").where("c5 = 3").collectAsList()).isEmpty();
    assertThat(table.count()).isZero();
  }

  @Test
  void aSchemaAsDeepAsMayBeIsRead() {
    String schema = "\"long\"";
    for (int i = 0; i < 50; i++) {
      schema = struct(field("a", schema, "{}"));
    }
    Dataset<Row> table = load(schema);
    assertThat(table.count()).isZero();
    assertThat(table.selectExpr("a.a.a.a").collectAsList()).isEmpty();
    assertThat(table.collectAsList()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "{\"a\":[1]}", "\"text\"", "[[1]]"})
  void aCommentOfAnyKindDoesNotBreakLoading(String comment) {
    Dataset<Row> table =
        load(
            struct(
                field("a", "\"string\"", "{\"comment\":" + comment + ",\"k\":" + comment + "}")));
    assertThat(table.where("a = 'x'").collectAsList()).isEqualTo(List.of());
    assertThat(table.schema().apply("a").getComment().isDefined())
        .isEqualTo(comment.startsWith("\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"wat\"",
        "\"char(99999999999)\"",
        "\"udt(x)\"",
        "5",
        "\"array<char(5)>\"",
        "\"varchar(3)\""
      })
  void aCharTypeThatIsNoneIsAString(String type) {
    Dataset<Row> table =
        load(struct(field("a", "\"string\"", "{\"__CHAR_VARCHAR_TYPE_STRING\":" + type + "}")));
    assertThat(table.where("a = 'x'").collectAsList()).isEmpty();
  }

  @Test
  void anUnknownTypeIsNamedWithItsColumn() {
    assertThatThrownBy(() -> load(struct(field("s", struct(field("x", "\"wat\"", "{}")), "{}"))))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("share.schema.t")
        .hasMessageContaining("column s.x: the type 'wat' is unknown");
  }
}
