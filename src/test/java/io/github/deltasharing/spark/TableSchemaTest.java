/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users see of a schema: names and types, nothing of what only writers and files know. */
class TableSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TABLE = "/delta-sharing/shares/share/schemas/schema/tables/t";

  /** A collated string, char, varchar, void, nested columns, all of them mapped to {@code col-}. */
  private static final String SCHEMA =
      """
      {"type":"struct","fields":[
        {"name":"id","type":"long","nullable":true,"metadata":{
          "comment":"the key","delta.columnMapping.id":1,"delta.columnMapping.physicalName":"col-id",
          "delta.identity.start":1,"delta.typeChanges":[{"fromType":"integer","toType":"long"}]}},
        {"name":"collated","type":"string","nullable":true,"metadata":{
          "delta.columnMapping.id":2,"delta.columnMapping.physicalName":"col-collated",
          "__COLLATIONS":{"collated":"ICU.UNICODE_CI"}}},
        {"name":"c","type":"string","nullable":true,"metadata":{
          "delta.columnMapping.id":3,"delta.columnMapping.physicalName":"col-c",
          "__CHAR_VARCHAR_TYPE_STRING":"char(5)"}},
        {"name":"v","type":"string","nullable":true,"metadata":{
          "delta.columnMapping.id":4,"delta.columnMapping.physicalName":"col-v",
          "__CHAR_VARCHAR_TYPE_STRING":"varchar(9)","CURRENT_DEFAULT":"'x'"}},
        {"name":"nothing","type":"void","nullable":true,"metadata":{
          "delta.columnMapping.id":5,"delta.columnMapping.physicalName":"col-nothing"}},
        {"name":"s","type":{"type":"struct","fields":[
          {"name":"x y","type":"integer","nullable":true,"metadata":{
            "delta.columnMapping.id":7,"delta.columnMapping.physicalName":"col-x"}}]},
          "nullable":true,"metadata":{
            "delta.columnMapping.id":6,"delta.columnMapping.physicalName":"col-s"}},
        {"name":"l","type":{"type":"array","containsNull":true,"elementType":{"type":"struct","fields":[
          {"name":"e","type":"string","nullable":true,"metadata":{
            "delta.columnMapping.id":9,"delta.columnMapping.physicalName":"col-e",
            "__COLLATIONS":{"e":"spark.UTF8_LCASE"}}}]}},
          "nullable":true,"metadata":{
            "delta.columnMapping.id":8,"delta.columnMapping.physicalName":"col-l",
            "delta.columnMapping.nested.ids":{"col-l.element":10}}},
        {"name":"p","type":"string","nullable":true,"metadata":{
          "delta.columnMapping.id":11,"delta.columnMapping.physicalName":"col-p",
          "__COLLATIONS":{"p":"ICU.UNICODE_CI"}}}]}""";

  @TempDir static Path directory;

  private static TableSchema schema(String mode) {
    return TableSchema.parse(
        TableName.parse("share.schema.t"),
        new Metadata(
            "id",
            "t",
            "",
            "parquet",
            SCHEMA,
            List.of("p"),
            Map.of("delta.columnMapping.mode", mode),
            null,
            null,
            null,
            List.of()));
  }

  private static void assertNothingShows(String text) {
    assertThat(text)
        .doesNotContain("col-", "columnMapping", "__COLLATIONS", "UNICODE_CI", "identity")
        .doesNotContain("typeChanges", "CURRENT_DEFAULT", "delta-sharing.name", "parquet.field.id");
  }

  @Test
  void usersSeeNamesTypesAndComments() {
    StructType logical = schema("id").logical();
    assertThat(logical.simpleString())
        .isEqualTo(
            "struct<id:bigint,collated:string,c:string,v:string,s:struct<x y:int>,l:array<struct<e:string>>,p:string>");
    assertThat(logical.apply("id").getComment().get()).isEqualTo("the key");
    assertThat(logical.apply("collated").dataType()).isEqualTo(DataTypes.StringType);
    assertNothingShows(logical.json());
    assertNothingShows(logical.treeString());
    assertNothingShows(schema("name").toString());
  }

  @Test
  void filesAreAskedForPhysicalNames() {
    StructType physical = schema("id").physical(schema("id").logical());
    assertThat(physical.fieldNames())
        .containsExactly("col-id", "col-collated", "col-c", "col-v", "col-s", "col-l", "col-p");
    assertThat(((StructType) physical.apply("col-s").dataType()).fieldNames())
        .containsExactly("col-x");
    assertThat(physical.apply("col-id").metadata().getLong("parquet.field.id")).isEqualTo(1);
    // Metadata without a mode is not mapped: names are as they are.
    assertThat(schema("none").physical(schema("none").logical()).fieldNames())
        .containsExactly("id", "collated", "c", "v", "s", "l", "p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "id"})
  void nothingShowsInPlansNorErrors(String mode) throws IOException {
    ObjectNode line = JSON.createObjectNode();
    ObjectNode metadata = line.putObject("metaData").putObject("deltaMetadata");
    metadata.put("id", "table-id").put("schemaString", SCHEMA);
    metadata.putObject("format").put("provider", "parquet");
    metadata.putArray("partitionColumns").add("p");
    metadata.putObject("configuration").put("delta.columnMapping.mode", mode);
    byte[] data = wrongFile();
    try (StubServer stub = new StubServer()) {
      ObjectNode file = JSON.createObjectNode();
      ObjectNode add =
          file.putObject("file").put("id", "f1").putObject("deltaSingleAction").putObject("add");
      add.put("path", stub.url("/data")).put("size", data.length);
      add.putObject("partitionValues").put("col-p", "a");
      String protocol =
          "{\"protocol\":{\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
              + "\"readerFeatures\":[\"columnMapping\"],\"writerFeatures\":[]}}}";
      stub.on(TABLE + "/metadata", delta(protocol, line.toString()));
      stub.on(TABLE + "/query", delta(protocol, line.toString(), file.toString()));
      stub.on("/data", request -> StubAnswer.file(request, data));
      Path profile = directory.resolve("stub.share");
      TestShare.writeProfile(profile, stub.url("/delta-sharing"), TestShare.CANARY);
      Dataset<Row> table =
          TestSpark.session().read().format("deltaSharing").load(profile + "#share.schema.t");
      assertNothingShows(table.schema().json());
      Dataset<Row> query =
          table.where("s.`x y` > 3 AND c = 'a' AND p = 'a'").select("collated", "s");
      for (String format : List.of("extended", "formatted", "cost", "codegen")) {
        assertNothingShows(
            query
                .queryExecution()
                .explainString(org.apache.spark.sql.execution.ExplainMode.fromString(format)));
      }
      assertNothingShows(trace(catchThrowable(() -> table.select("nowhere").collect())));
      Throwable wrong = catchThrowable(() -> table.select("s").collectAsList());
      assertNothingShows(trace(wrong));
      if (mode.equals("id")) {
        assertThat(wrong)
            .hasStackTraceContaining("file f1")
            .hasStackTraceContaining("it has no field ids");
        return;
      }
      assertThat(wrong)
          .hasStackTraceContaining("file f1")
          .hasStackTraceContaining("column s.x y is BINARY (STRING) where")
          .hasStackTraceContaining("schema says int");
      Throwable whole = catchThrowable(() -> table.select("l").collectAsList());
      assertThat(whole).hasStackTraceContaining("column l is INT64 where");
      assertThat(whole).hasStackTraceContaining("schema says array.");
      assertNothingShows(trace(whole));
      // By name the file's other columns are as they should be.
      assertThat(table.select("p", "collated").collectAsList()).hasSize(3);
    }
  }

  private static StubAnswer delta(String... lines) {
    return StubAnswer.ndjson(lines)
        .withHeader("delta-sharing-capabilities", "responseformat=delta");
  }

  /** A file whose columns {@code s} and {@code l} are of other types; with names and no ids. */
  private static byte[] wrongFile() throws IOException {
    Path path = Files.createTempDirectory(directory, "file").resolve("data");
    TestSpark.session()
        .range(0, 3, 1, 1)
        .selectExpr(
            "id AS `col-id`",
            "'text' AS `col-collated`",
            "named_struct('col-x', 'no number') AS `col-s`",
            "id AS `col-l`")
        .write()
        .parquet(path.toString());
    try (Stream<Path> files = Files.list(path)) {
      return Files.readAllBytes(
          files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
  }

  private static String trace(Throwable e) {
    StringWriter out = new StringWriter();
    e.printStackTrace(new PrintWriter(out));
    return out.toString();
  }
}
