/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;

/** A Delta table of files that are not there, in one commit. */
final class QueriedDeltaTable implements QueriedTable {
  private static final int PER_DAY = 1_000;
  private static final String[] COLUMNS = {"id", "customer", "amount", "day", "at", "note"};
  private static final String[] TYPES = {"long", "long", "double", "date", "timestamp", "string"};

  private final Path table;
  private final int files;
  private int commits;

  private QueriedDeltaTable(Path table, int files) {
    this.table = table;
    this.files = files;
  }

  /** One with so many files, which is written if it is not there. */
  static QueriedDeltaTable of(Path directory, int files) throws IOException {
    Path table = directory.resolve("queries-" + files);
    if (!Files.exists(table.resolve("_delta_log/_done"))) {
      write(table, files);
    }
    return new QueriedDeltaTable(table, files);
  }

  @Override
  public URI location() {
    return URI.create("file:" + table);
  }

  /** A file is added, another one removed. */
  @Override
  public void commit() throws IOException {
    commits++;
    Files.writeString(commit(commits), add(files + commits) + remove(commits) + "\n");
  }

  @Override
  public void close() throws IOException {
    for (; commits >= 1; commits--) {
      Files.delete(commit(commits));
    }
  }

  private Path commit(int version) {
    return table.resolve("_delta_log").resolve(String.format(Locale.ROOT, "%020d.json", version));
  }

  private static void write(Path table, int files) throws IOException {
    Path log = Files.createDirectories(table.resolve("_delta_log"));
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < COLUMNS.length; i++) {
      fields
          .append(i == 0 ? "" : ",")
          .append(
              "{\\\"name\\\":\\\"%s\\\",\\\"type\\\":\\\"%s\\\",".formatted(COLUMNS[i], TYPES[i]))
          .append("\\\"nullable\\\":true,\\\"metadata\\\":{}}");
    }
    fields.append(
        ",{\\\"name\\\":\\\"part\\\",\\\"type\\\":\\\"date\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}");
    try (BufferedWriter commit =
        Files.newBufferedWriter(log.resolve("00000000000000000000.json"))) {
      commit.write("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n");
      commit.write(
          "{\"metaData\":{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
              + "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":["
              + fields
              + "]}\",\"partitionColumns\":[\"part\"],\"configuration\":{},\"createdTime\":1}}\n");
      for (int i = 0; i < files; i++) {
        commit.write(add(i));
      }
    }
    Files.writeString(log.resolve("_done"), "");
  }

  private static String path(int file) {
    // The same in each run.
    UUID id = new UUID(0x9E3779B97F4A7C15L * (file + 1), 0xBF58476D1CE4E5B9L * (file + 7));
    return "part=%s/part-%05d-%s.c000.snappy.parquet".formatted(day(file), file % 200, id);
  }

  private static String day(int file) {
    return java.time.LocalDate.of(2021, 1, 1).plusDays(file / PER_DAY).toString();
  }

  private static String remove(int file) {
    return "{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":1,\"dataChange\":true}}"
        .formatted(path(file));
  }

  private static String add(int file) {
    long random = 0x9E3779B97F4A7C15L * (file + 3) >>> 20;
    String stats =
        ("{'numRecords':%d,'minValues':{'id':%d,'customer':%d,'amount':%s,'day':'%s',"
                + "'at':'2024-%02d-%02dT%02d:%02d:%02d.%03dZ','note':'a%d'},"
                + "'maxValues':{'id':%d,'customer':%d,'amount':%s,'day':'%s',"
                + "'at':'2024-%02d-%02dT%02d:%02d:%02d.%03dZ','note':'z%d'},"
                + "'nullCount':{'id':0,'customer':%d,'amount':0,'day':0,'at':0,'note':%d}}")
            .formatted(
                10_000 + random % 5_000,
                10L * file - 30,
                random % 1_000_000,
                random % 10_000 / 100.0,
                day(file),
                1 + random % 12,
                1 + random % 14,
                random % 24,
                random % 60,
                random % 59,
                random % 1000,
                random,
                10L * file + 25,
                1_000_000 + random % 1_000_000,
                1_000 + random % 100_000 / 100.0,
                day(file),
                1 + random % 12,
                15 + random % 14,
                random % 24,
                random % 60,
                random % 59,
                random % 1000,
                random,
                random % 100,
                random % 7);
    return ("{\"add\":{\"path\":\"%s\",\"partitionValues\":{\"part\":\"%s\"},\"size\":%d,"
            + "\"modificationTime\":%d,\"dataChange\":true,\"stats\":\"%s\"}}\n")
        .formatted(
            path(file),
            day(file),
            10_000_000 + random % 90_000_000,
            1_700_000_000_000L + file * 37L,
            stats.replace("'", "\\\""));
  }
}
