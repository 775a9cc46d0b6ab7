/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A Delta table whose log is written by hand: as many files as a test wants, without Spark. */
final class HandWrittenTable {
  private static final String SCHEMA =
      "{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\",\\\"type\\\":\\\"long\\\","
          + "\\\"nullable\\\":true,\\\"metadata\\\":{}}]}";

  private HandWrittenTable() {}

  /** Writes one commit with this many files; the first of them is there, and this long. */
  static Path write(Path directory, int files, int firstFileBytes) {
    try {
      Path log = Files.createDirectories(directory.resolve("_delta_log"));
      Files.write(directory.resolve(name(0)), new byte[firstFileBytes]);
      try (BufferedWriter commit =
          Files.newBufferedWriter(log.resolve("00000000000000000000.json"))) {
        commit.write("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n");
        commit.write(
            "{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
                + "\"schemaString\":\""
                + SCHEMA
                + "\",\"partitionColumns\":[],\"configuration\":{},\"createdTime\":1}}\n");
        for (int i = 0; i < files; i++) {
          commit.write(add(i, firstFileBytes));
        }
      }
      return directory;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The action that adds a file, which has ten rows. */
  static String add(int file, int bytes) {
    return "{\"add\":{\"path\":\"%s\",\"partitionValues\":{},\"size\":%d,"
            .formatted(name(file), bytes)
        + "\"modificationTime\":1,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":10,"
        + "\\\"minValues\\\":{\\\"id\\\":%d},\\\"maxValues\\\":{\\\"id\\\":%d},"
            .formatted(10 * file, 10 * file + 9)
        + "\\\"nullCount\\\":{\\\"id\\\":0}}\"}}\n";
  }

  /** The action that removes a file. */
  static String remove(int file) {
    return "{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":1,\"dataChange\":true}}\n"
        .formatted(name(file));
  }

  static String name(int file) {
    return String.format(
        Locale.ROOT, "part-%05d-0d9c2e55-2f10-4d4e-9d5e-8a0f7d1c0000.parquet", file);
  }
}
