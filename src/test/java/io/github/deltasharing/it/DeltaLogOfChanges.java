/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines of a response about changes as the log of a Delta table, as upstream's connector reads
 * them by Delta Lake: a version of the log for each version that has lines. Files are read where
 * they lie. Immutable.
 *
 * @param versions those of the response, by those of the log
 */
record DeltaLogOfChanges(Path table, List<Long> versions) {
  private static final ObjectMapper JSON = new ObjectMapper();

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
    String path = URI.create(url).getPath();
    return files.resolve(path.substring(path.indexOf("/data/") + 1)).toUri().toString();
  }
}
