/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.error.SharingException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.SQLUserDefinedType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas as servers send them, and as a server should not. */
@Timeout(60)
@Tag("unit")
class SchemaParserTest {
  private static StructType parse(String json) {
    return SchemaParser.parse("share.schema.t", json);
  }

  private static String field(String name, String type, String metadata) {
    return "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":%s}"
        .formatted(name, type, metadata);
  }

  private static String struct(String... fields) {
    return "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "]}";
  }

  private static void assertRefused(String json, String... parts) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(SharingException.class)
        .hasMessageStartingWith("Table share.schema.t cannot be read: its schema is not one of")
        .hasMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  /** What Spark's own reader makes of it, which is right for a schema of a friend. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"string\"",
        "\"long\"",
        "\"integer\"",
        "\"short\"",
        "\"byte\"",
        "\"float\"",
        "\"double\"",
        "\"decimal\"",
        "\"decimal(10,2)\"",
        "\"decimal( 38 , 38 )\"",
        "\"decimal(1,0)\"",
        "\"boolean\"",
        "\"binary\"",
        "\"date\"",
        "\"timestamp\"",
        "\"timestamp_ntz\"",
        "\"timestamp_ltz\"",
        "\"void\"",
        "\"null\"",
        "{\"type\":\"array\",\"elementType\":\"string\",\"containsNull\":false}",
        "{\"elementType\":{\"type\":\"array\",\"elementType\":\"long\",\"containsNull\":true},"
            + "\"containsNull\":true,\"type\":\"array\"}",
        "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"date\",\"valueContainsNull\":false}",
        "{\"valueContainsNull\":true,\"valueType\":\"date\",\"keyType\":\"string\",\"type\":\"map\"}",
        "{\"type\":\"struct\",\"fields\":[]}",
        "{\"type\":\"struct\",\"fields\":[{\"metadata\":{\"a\":1},\"nullable\":false,\"type\":\"long\","
            + "\"name\":\"x y.z`\\u00e9\"}]}"
      })
  void deltasTypesAreSparks(String type) {
    String json = struct(field("a", type, "{}"), field("A", type, "{}"));
    assertThat(parse(json)).isEqualTo(DataType.fromJson(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"comment\":\"the key\",\"delta.columnMapping.id\":1,\"delta.columnMapping.physicalName\":\"col-1\"}",
        "{\"delta.columnMapping.nested.ids\":{\"col-l.element\":10,\"x\":{\"y\":-1}}}",
        "{\"delta.typeChanges\":[{\"fromType\":\"integer\",\"toType\":\"long\",\"tableVersion\":3},"
            + "{\"fieldPath\":\"element\",\"toType\":\"long\"}]}",
        "{\"delta.identity.start\":1,\"delta.identity.allowExplicitInsert\":true}",
        "{\"a\":null,\"b\":1.5,\"c\":[],\"d\":[1,2],\"e\":[1.5,2.0],\"f\":[\"x\"],\"g\":[true,false],\"h\":{}}",
        "{\"a\":9223372036854775807,\"b\":-9223372036854775808,\"c\":1e300,\"d\":1.0}",
        "{\"a\":1,\"a\":\"the last one\"}",
        "{\"\":\"\",\"\\ud83d\\ude00\":\"\\u0000\\n\"}",
        "{}"
      })
  void metadataIsWhatSparkMakesOfIt(String metadata) {
    String json = struct(field("a", "\"long\"", metadata));
    assertThat(parse(json)).isEqualTo(DataType.fromJson(json));
    assertThat(parse(json).json()).isEqualTo(DataType.fromJson(json).json());
  }

  /** Spark fails on these, or makes another number of one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[1]]",
        "[1,2.5]",
        "[null]",
        "[1,\"x\"]",
        "[{\"x\":1},2]",
        "99999999999999999999",
        "[99999999999999999999]"
      })
  void metadataThatSparkHasNoPlaceForIsLeftOut(String value) {
    String json = struct(field("a", "\"long\"", "{\"k\":" + value + ",\"comment\":\"c\"}"));
    assertThat(parse(json).apply("a").metadata().json()).isEqualTo("{\"comment\":\"c\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "null", "true", "[\"a\"]", "{\"text\":\"a\"}", "1.5"})
  void aCommentThatIsNoTextIsNone(String comment) {
    StructType schema =
        parse(
            struct(
                field("a", "\"string\"", "{\"comment\":" + comment + ",\"k\":1}"),
                field(
                    "b",
                    "\"string\"",
                    "{\"__CHAR_VARCHAR_TYPE_STRING\":" + comment + ",\"k\":1}")));
    assertThat(schema.apply("a").getComment().isEmpty()).isTrue();
    assertThat(schema.apply("a").metadata().json()).isEqualTo("{\"k\":1}");
    assertThat(schema.apply("b").metadata().json()).isEqualTo("{\"k\":1}");
  }

  @Test
  void whatMayBeMissingIsWhatItUsuallyIs() {
    StructType schema =
        parse(
            struct(
                "{\"name\":\"a\",\"type\":\"long\"}",
                "{\"name\":\"b\",\"type\":{\"type\":\"array\",\"elementType\":\"long\"},\"metadata\":null}",
                "{\"name\":\"c\",\"type\":\"varchar(5)\",\"nullable\":false,\"unknown\":[{}]}"));
    assertThat(schema)
        .isEqualTo(
            new StructType()
                .add("a", DataTypes.LongType)
                .add("b", DataTypes.createArrayType(DataTypes.LongType))
                .add("c", DataTypes.StringType, false));
  }

  /** A class on the class path that notes that it was made. */
  @SQLUserDefinedType(udt = Spy.class)
  public static final class Spy extends UserDefinedType<String> {
    static int made;

    public Spy() {
      made++;
    }

    @Override
    public DataType sqlType() {
      return DataTypes.StringType;
    }

    @Override
    public Object serialize(String text) {
      return text;
    }

    @Override
    public String deserialize(Object datum) {
      return datum.toString();
    }

    @Override
    public Class<String> userClass() {
      return String.class;
    }
  }

  @Test
  void noClassIsMadeThatTheTextNames() {
    String udt =
        "{\"type\":\"udt\",\"class\":\"%s\",\"pyClass\":null,\"sqlType\":\"string\"}"
            .formatted(Spy.class.getName());
    Spy.made = 0;
    DataType.fromJson(udt);
    assertThat(Spy.made).as("made by Spark's reader").isPositive();
    Spy.made = 0;
    assertRefused(struct(field("a", udt, "{}")), "column a: the type 'udt' is unknown");
    assertRefused(
        struct(field("a", "{\"type\":\"array\",\"elementType\":" + udt + "}", "{}")),
        "column a.element: the type 'udt' is unknown");
    assertRefused(udt, "the type 'udt' is unknown");
    assertRefused(
        struct(field("a", udt.replace("}", ",\"type\":\"array\"}"), "{}")), "column a", "'array'");
    assertThat(Spy.made).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"wat\" | column s.x: the type 'wat' is unknown",
        "\"variant\" | column s.x: the type 'variant' is unknown",
        "\"interval year\" | column s.x: the type 'interval year' is unknown",
        "\"geometry(OGC:CRS84)\" | column s.x: the type 'geometry(OGC:CRS84)' is unknown",
        "\"decimal(39,2)\" | column s.x: the type 'decimal(39,2)' is unknown",
        "\"decimal(5,9)\" | column s.x: the type 'decimal(5,9)' is unknown",
        "\"decimal(10,-2)\" | column s.x: the type 'decimal(10,-2)' is unknown",
        "\"decimal(0,0)\" | column s.x: the type 'decimal(0,0)' is unknown",
        "\"decimal(99999999999,0)\" | column s.x: the type 'decimal(99999999999,0)' is unknown",
        "\"LONG\" | column s.x: the type 'LONG' is unknown",
        "\"https://h/f?sig=canary\" | column s.x: the type 'https://h/f?***' is unknown",
        "5 | column s.x: it has no type",
        "null | column s.x: it has no type",
        "[] | column s.x: it has no type",
        "{} | column s.x: the type '(none)' is unknown",
        "{\"type\":\"array\"} | column s.x: the type 'array' is unknown",
        "{\"type\":5} | column s.x: its 'type' is no text",
        "{\"type\":\"map\",\"keyType\":\"wat\",\"valueType\":\"long\"} | column s.x.key: the type 'wat'",
        "{\"type\":\"struct\",\"fields\":{}} | column s.x: its 'fields' are no array",
        "{\"type\":\"struct\",\"fields\":[5]} | column s.x: one of its fields is no object",
        "{\"type\":\"struct\",\"fields\":[{\"type\":\"long\"}]} | column s.x: one of its fields has no name",
        "{\"type\":\"struct\",\"fields\":[{\"name\":5,\"type\":\"long\"}]} | column s.x.?: its 'name' is no text",
        "{\"type\":\"array\",\"elementType\":\"long\",\"containsNull\":\"true\"} | column s.x: its 'containsNull'",
      })
  void whatIsNoTypeIsNamedWithItsColumn(String type, String reason) {
    assertRefused(
        struct(field("ok", "\"long\"", "{}"), field("s", struct(field("x", type, "{}")), "{}")),
        reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | column a: its 'metadata' is no object",
        "\"x\" | column a: its 'metadata' is no object",
        "{\"delta.columnMapping.physicalName\":5} | column a: its 'delta.columnMapping.physicalName' is no text",
        "{\"delta.columnMapping.id\":\"5\"} | column a: its 'delta.columnMapping.id' is no whole number",
      })
  void metadataThatReadingNeedsHasToBeRight(String metadata, String reason) {
    assertRefused(struct(field("a", "\"long\"", metadata)), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | it has no type",
        "null | it has no type",
        "\"long\" | not a struct",
        "[] | it has no type",
        "{} | unknown",
        "{\"type\":\"struct\",\"fields\":[{\"name\": | it is not JSON",
        "nonsense | it is not JSON (line 1)",
        "{\"type\":\"array\",\"elementType\":\"long\"} | not a struct"
      })
  void textThatIsNoSchemaSaysSo(String json, String reason) {
    assertRefused(json, reason);
  }

  @Test
  void twoColumnsOfOneNameAreRefused() {
    assertRefused(
        struct(field("a", "\"long\"", "{}"), field("a", "\"string\"", "{}")),
        "column a: there are two of this name");
  }

  private static String nested(int depth) {
    return "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":".repeat(depth)
        + "\"long\""
        + "}]}".repeat(depth);
  }

  @Test
  void depthIsLimited() {
    assertThat(parse(nested(SchemaParser.DEEPEST)).fieldNames()).containsExactly("a");
    assertRefused(nested(SchemaParser.DEEPEST + 2), "nested deeper than 50 types");
    assertRefused(nested(100_000), "nested deeper than 50 types");
    String lists = "{\"type\":\"array\",\"elementType\":".repeat(50_000);
    assertRefused(
        "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":" + lists, "nested deeper than");
    String unknown = "{\"unknown\":" + "[".repeat(5000);
    assertRefused(unknown, "JSON beyond a limit of the reader", "1001");
    String deepMetadata = "{\"k\":".repeat(500) + "1" + "}".repeat(500);
    assertRefused(
        struct(field("a", "\"long\"", deepMetadata)),
        "column a: its 'metadata' is nested deeper than 100 objects");
  }

  private static String columns(int count) {
    return struct(
        IntStream.range(0, count)
            .mapToObj(i -> field("c" + i, "\"long\"", "{\"delta.columnMapping.id\":" + i + "}"))
            .collect(Collectors.joining(",")));
  }

  @Test
  void theNumberOfColumnsIsLimited() {
    assertThat(parse(columns(SchemaParser.MOST_FIELDS)).size()).isEqualTo(SchemaParser.MOST_FIELDS);
    assertRefused(columns(SchemaParser.MOST_FIELDS + 1), "more than 20000 columns");
    String pair = struct(field("x", "\"long\"", "{}"), field("y", "\"long\"", "{}"));
    String many =
        IntStream.range(0, 8_000)
            .mapToObj(i -> field("c" + i, pair, "{}"))
            .collect(Collectors.joining(","));
    assertRefused(struct(many), "more than 20000 columns, nested ones among them");
  }

  @Test
  void lengthsAreLimited() {
    assertRefused(" ".repeat(32_000_001), "longer than 32000000 characters");
    assertRefused(
        struct(field("a", "\"long\"", "{\"k\":" + "9".repeat(5000) + "}")),
        "beyond a limit",
        "1000");
    assertRefused(
        struct(field("a", "\"" + "x".repeat(1_000_000) + "\"", "{}")), "xxx…' is unknown");
    String name = "n".repeat(1_000_000);
    assertRefused(struct(field(name, "\"wat\"", "{}")), "column nnn", "the type 'wat' is unknown");
  }
}
