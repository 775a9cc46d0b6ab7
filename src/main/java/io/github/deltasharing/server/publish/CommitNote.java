/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.store.StoredPublication;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a version was made of, as its commit notes it in Delta's {@code userMetadata}: should the
 * database fail right after the commit, its record is made of this. Stateless.
 */
final class CommitNote {
  private static final String KIND = "publication";
  private static final ObjectMapper JSON = new ObjectMapper();

  private CommitNote() {}

  static String of(StoredPublication.Upload upload) {
    ObjectNode note = JSON.createObjectNode();
    ObjectNode json = note.putObject(KIND);
    json.put("file_name", upload.fileName()).put("file_bytes", upload.bytes());
    json.put("rows", upload.rows()).put("set_aside", upload.setAside());
    ObjectNode format = json.putObject("file_format");
    upload.format().forEach(format::put);
    return note.toString();
  }

  /** What was noted; empty if another writer made the version. */
  static Optional<StoredPublication.Upload> upload(String note, long version) {
    try {
      JsonNode json = JSON.readTree(note).path(KIND);
      if (!json.isObject()) {
        return Optional.empty();
      }
      Map<String, String> format = new TreeMap<>();
      json.path("file_format")
          .fields()
          .forEachRemaining(one -> format.put(one.getKey(), one.getValue().asText()));
      return Optional.of(
          new StoredPublication.Upload(
              json.path("file_name").asText(),
              json.path("file_bytes").asLong(),
              format,
              json.path("rows").asLong(),
              json.path("set_aside").asLong(),
              version));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
