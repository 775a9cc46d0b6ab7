/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The lines of a response about changes as the log of a Delta table, as upstream's connector reads
 * them by Delta Lake: a version of the log for each version that has lines. Files are read where
 * they lie. Immutable.
 *
 * @param versions those of the response, by those of the log
 */
record DeltaLogOfChanges(Path table, List<Long> versions) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The path of a file's URL: behind share, schema and table is that in the table's directory. */
  private static final Pattern FILE =
      Pattern.compile("(?s)/delta-sharing/files/[^/]+/[^/]+/[^/]+/(.*)");

  /**
   * @param response in delta format
   * @param files the directory of the table that is shared
   * @param to where the log comes
   */
  static DeltaLogOfChanges write(String response, Path files, Path to) throws IOException {
    Map<Long, List<String>> commits = new TreeMap<>();
    List<String> head = new ArrayList<>();
    for (String line : response.lines().toList()) {
      JsonNode json = JSON.readTree(line);
      if (json.has("protocol")) {
        head.add(action("protocol", json.at("/protocol/deltaProtocol")));
      } else if (json.has("metaData")) {
        head.add(action("metaData", json.at("/metaData/deltaMetadata")));
      } else if (json.has("file")) {
        JsonNode action = json.at("/file/deltaSingleAction");
        localize((ObjectNode) action.elements().next(), files);
        commits
            .computeIfAbsent(json.at("/file/version").asLong(), any -> new ArrayList<>())
            .add(action.toString());
      }
    }
    List<Long> versions = new ArrayList<>(commits.keySet());
    Path log = Files.createDirectories(to.resolve("_delta_log"));
    for (int i = 0; i < versions.size(); i++) {
      List<String> lines = new ArrayList<>(i == 0 ? head : List.of());
      lines.addAll(commits.get(versions.get(i)));
      Files.write(log.resolve("%020d.json".formatted(i)), lines);
    }
    return new DeltaLogOfChanges(to, versions);
  }

  /** What a server says of all changes of a table of {@code share.schema}. */
  static String response(URI server, String table) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            server
                                + "/shares/share/schemas/schema/tables/%s/changes?startingVersion=1"
                                    .formatted(table)))
                    .header("Authorization", "Bearer " + TestShare.CANARY)
                    .header(
                        "delta-sharing-capabilities",
                        "responseformat=delta;readerfeatures=columnmapping,deletionvectors")
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** The changes as Delta Lake reads them, of the response's versions. */
  Dataset<Row> changes() {
    Column[] numbers = new Column[2 * versions.size()];
    for (int i = 0; i < versions.size(); i++) {
      numbers[2 * i] = functions.lit((long) i);
      numbers[2 * i + 1] = functions.lit(versions.get(i));
    }
    return TestSpark.session()
        .read()
        .format("delta")
        .option("readChangeFeed", "true")
        .option("startingVersion", 0)
        .load(table.toString())
        .drop("_commit_timestamp")
        .withColumn(
            "_commit_version",
            functions.element_at(functions.map(numbers), functions.col("_commit_version")));
  }

  private static String action(String name, JsonNode value) {
    return JSON.createObjectNode().set(name, value).toString();
  }

  private static void localize(ObjectNode action, Path files) {
    action.put("path", local(action.get("path").asText(), files));
    if (action.get("deletionVector") instanceof ObjectNode vector
        && vector.get("storageType").asText().equals("p")) {
      vector.put("pathOrInlineDv", local(vector.get("pathOrInlineDv").asText(), files));
    }
  }

  private static String local(String url, Path files) {
    Matcher path = FILE.matcher(URI.create(url).getPath());
    return files.resolve(path.replaceFirst("$1")).toUri().toString();
  }
}
