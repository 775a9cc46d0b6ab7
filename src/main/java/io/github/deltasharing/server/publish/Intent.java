/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What a server means to do with a table's files. Immutable.
 *
 * @param key of this one
 * @param id the publication's
 * @param location the table's
 * @param whole whether all of the table goes if no publication names it; else some files, if no
 *     version has them
 * @param next the least version that may have them
 * @param files their names
 */
record Intent(String key, String id, URI location, boolean whole, long next, List<String> files) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_SLUG = 60;

  Intent {
    files = List.copyOf(files);
  }

  /** To make a table, or to delete it. */
  static Intent ofTable(String id, URI location) {
    return new Intent(UUID.randomUUID().toString(), id, location, true, 0, List.of());
  }

  /** To make a version of a table. */
  static Intent ofVersion(String id, URI location, long next, List<String> files) {
    return new Intent(UUID.randomUUID().toString(), id, location, false, next, files);
  }

  /** The name of a new table's directory. */
  static String directory(String id, String name) {
    return slug(name) + "-" + suffix(id);
  }

  /** Whether it is of a directory that publications made, by its name. */
  static boolean isDirectory(String id, String directory) {
    return directory.endsWith("-" + suffix(id));
  }

  private static String suffix(String id) {
    return id.substring(0, Math.min(8, id.length()));
  }

  /** What a name is in the name of a directory. */
  private static String slug(String name) {
    String slug =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String cut = slug.substring(0, Math.min(LONGEST_SLUG, slug.length()));
    return cut.isEmpty() ? "table" : cut;
  }

  byte[] toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("publication", id).put("location", location.toString());
    json.put("whole", whole).put("next", next);
    files.forEach(json.putArray("files")::add);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Intent fromJson(String key, byte[] text) throws IOException {
    JsonNode json = JSON.readTree(text);
    List<String> files = new ArrayList<>();
    json.path("files").forEach(file -> files.add(file.asText()));
    return new Intent(
        key,
        json.path("publication").asText(),
        URI.create(json.path("location").asText()),
        json.path("whole").asBoolean(),
        json.path("next").asLong(),
        files);
  }
}
