/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A table's log, written line by line: also one that Delta Lake would not write. */
public final class WrittenLog {
  public static final String PROTOCOL =
      "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}";
  public static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":[" + field("id", "\"long\"") + "]}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path table;

  public WrittenLog(Path table) {
    this.table = table;
  }

  /** Writes a commit, a line an action. */
  public Path commit(long version, String... lines) {
    return write("%020d.json".formatted(version), String.join("\n", lines) + "\n");
  }

  /** Writes a file of the log. */
  public Path write(String name, String text) {
    try {
      Path file = table.resolve("_delta_log").resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A column as a schema has it. */
  public static String field(String name, String type) {
    return "{\"name\":\"%s\",\"type\":%s,\"nullable\":true,\"metadata\":{}}".formatted(name, type);
  }

  /** Metadata of a table without partitions. */
  public static String metadata(String schemaString) {
    return metadata(schemaString, Map.of());
  }

  /** The same with properties. */
  public static String metadata(String schemaString, Map<String, String> configuration) {
    ObjectNode line = JSON.createObjectNode();
    ObjectNode metadata = line.putObject("metaData");
    metadata.put("id", "11111111-2222-3333-4444-555555555555");
    metadata.putObject("format").put("provider", "parquet").putObject("options");
    if (schemaString != null) {
      metadata.put("schemaString", schemaString);
    }
    metadata.putArray("partitionColumns");
    configuration.forEach(metadata.putObject("configuration")::put);
    return line.toString();
  }

  /** A file that is added. */
  public static String add(String path) {
    return add(path, 11);
  }

  /** The same with its length. */
  public static String add(String path, long size) {
    return action("add", path)
        .put("modificationTime", 1)
        .put("size", size)
        .toString()
        .transform(file -> "{\"add\":" + file + "}");
  }

  /** A file that is removed. */
  public static String remove(String path) {
    return action("remove", path)
        .put("deletionTimestamp", 2)
        .put("size", 11)
        .toString()
        .transform(file -> "{\"remove\":" + file + "}");
  }

  private static ObjectNode action(String kind, String path) {
    ObjectNode file = JSON.createObjectNode();
    file.put("path", path).put("dataChange", true).putObject("partitionValues");
    return kind.equals("remove") ? file.put("extendedFileMetadata", true) : file;
  }
}
