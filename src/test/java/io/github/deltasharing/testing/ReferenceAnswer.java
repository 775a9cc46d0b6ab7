/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Makes of the embedded server's answer what the reference server would have said. Immutable.
 *
 * @param old whether its old reader answers, not Delta Kernel
 * @param metadata whether the answer is about the table alone
 * @param snapshot whether it has the files of a version
 * @param version whether that version was asked for by number or time
 */
record ReferenceAnswer(boolean old, boolean metadata, boolean snapshot, boolean version) {
  /** What it says of a table in delta format, beside Delta's own metadata. */
  private static final List<String> WRAPPER = List.of("version", "deltaMetadata");

  private static final List<String> PARQUET_METADATA =
      List.of(
          "id",
          "name",
          "description",
          "format",
          "schemaString",
          "configuration",
          "partitionColumns",
          "version");

  String edit(String answer) {
    StringBuilder edited = new StringBuilder();
    boolean first = true;
    for (String line : answer.lines().toList()) {
      Optional<JsonNode> kept = edit((ObjectNode) ListedFile.tree(line), first);
      kept.ifPresent(json -> edited.append(json).append('\n'));
      first = false;
    }
    return edited.toString();
  }

  private Optional<JsonNode> edit(ObjectNode line, boolean first) {
    if (line.has("protocol")) {
      // Later ones are not told.
      return first ? Optional.of(protocol(line)) : Optional.empty();
    }
    if (line.has("endStreamAction")) {
      return metadata ? Optional.empty() : Optional.of(line);
    }
    if (line.has("metaData")) {
      return Optional.of(metadata(line));
    }
    if (line.has("file")) {
      file((ObjectNode) line.get("file"));
    }
    return Optional.of(line);
  }

  private ObjectNode protocol(ObjectNode line) {
    ObjectNode protocol = (ObjectNode) line.get("protocol");
    protocol.remove("version");
    if (old && protocol.has("deltaProtocol")) {
      ((ObjectNode) protocol.get("deltaProtocol"))
          .remove(List.of("readerFeatures", "writerFeatures"));
    }
    return line;
  }

  private ObjectNode metadata(ObjectNode line) {
    ObjectNode all = (ObjectNode) line.get("metaData");
    boolean delta = all.has("deltaMetadata");
    all.retain(delta ? WRAPPER : PARQUET_METADATA);
    if (snapshot || metadata) {
      all.remove("version");
    }
    if (!delta) {
      boolean feed =
          all.path("configuration").path("delta.enableChangeDataFeed").asText().equals("true");
      ObjectNode configuration = all.putObject("configuration");
      if (feed) {
        configuration.put("enableChangeDataFeed", "true");
      }
      all.put("schemaString", withoutMetadata(all.path("schemaString").asText()));
    }
    return line;
  }

  /** Of a column's metadata the parquet dialect has its comment. */
  private static String withoutMetadata(String schema) {
    JsonNode tree = ListedFile.tree(schema);
    tree.path("fields").forEach(field -> ((ObjectNode) field.path("metadata")).retain("comment"));
    return tree.toString();
  }

  private void file(ObjectNode file) {
    if (snapshot && !old) {
      file.remove(List.of("deletionVectorFileId", "timestamp"));
    }
    if (snapshot && !version) {
      file.remove("version");
    }
  }
}
