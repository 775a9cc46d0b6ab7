/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import java.nio.charset.StandardCharsets;

/**
 * The lines of a table of very many files that do not exist, in the delta dialect: signed URLs as a
 * store makes them, statistics of six columns, one partition column. A line costs next to nothing:
 * a template, in which what differs from file to file is filled in. Not thread-safe.
 */
final class FileLines {
  static final String HEAD =
      """
      {"protocol":{"deltaProtocol":{"minReaderVersion":1,"minWriterVersion":2}}}
      {"metaData":{"version":1,"deltaMetadata":{"id":"m","format":{"provider":"parquet"},"schemaString":"{\\"type\\":\\"struct\\",\\"fields\\":[%s]}","partitionColumns":["p"],"configuration":{}}}}
      """
          .formatted(
              String.join(
                  ",",
                  column("id", "long"),
                  column("amount", "double"),
                  column("at", "timestamp"),
                  column("name", "string"),
                  column("code", "integer"),
                  column("day", "date"),
                  column("p", "integer")));

  /** Filled with hexadecimal digits, decimal digits, letters, and the number of the partition. */
  private static final String HOLES = "~#@^";

  private static final int FILES_A_PARTITION = 1_000;
  private static final int[] POWERS = {100, 10, 1};
  private static final int URL_LENGTH = 1_024;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final String FILE =
      "warehouse/retail.db/orders/p=1^^^/part-0####-~~~~~~~~-~~~~-~~~~-~~~~-~~~~~~~~~~~~.c000.snappy.parquet";

  private final byte[] template;
  private final int[] holes;

  /**
   * @param store whose URLs: {@code s3}, {@code azure} or {@code gcs}
   */
  FileLines(String store) {
    this(store, false);
  }

  /**
   * @param changes whether the commit is told that added each file
   */
  FileLines(String store, boolean changes) {
    String line = line(url(store));
    if (changes) {
      line = line.replace("{\"file\":{", "{\"file\":{\"version\":1,\"timestamp\":1700000000000,");
    }
    this.template = line.getBytes(StandardCharsets.ISO_8859_1);
    this.holes = new int[(int) line.chars().filter(FileLines::isHole).count()];
    int next = 0;
    for (int i = 0; i < template.length; i++) {
      if (isHole(template[i])) {
        holes[next++] = i;
      }
    }
  }

  private static boolean isHole(int c) {
    return HOLES.indexOf(c) >= 0;
  }

  private static String column(String name, String type) {
    return "{\\\"name\\\":\\\"%s\\\",\\\"type\\\":\\\"%s\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}"
        .formatted(name, type);
  }

  private static String url(String store) {
    return switch (store) {
      case "s3" ->
          url(
              "https://acme-lakehouse.s3.eu-central-1.amazonaws.com/" + FILE,
              "?X-Amz-Security-Token=",
              "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20240101T000000Z&X-Amz-SignedHeaders=host"
                  + "&X-Amz-Expires=3600&X-Amz-Credential=EXAMPLE%2F20240101%2Feu-central-1%2Fs3%2Faws4_request"
                  + "&X-Amz-Signature="
                  + "~".repeat(64));
      case "azure" ->
          url(
              "https://acmelakehouse.blob.core.windows.net/" + FILE,
              "?sp=r&st=2024-01-01T00%3A00%3A00Z&se=2024-01-01T01%3A00%3A00Z&spr=https&sv=2022-11-02&sr=b&x=",
              "&sig=@@@@@@@@@%2F@@@@@@@@@@@@@@@@@%2B@@@@@@@@@@@@@@@@@%3D");
      case "gcs" ->
          url(
              "https://storage.googleapis.com/acme-lakehouse/" + FILE,
              "?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=",
              "&X-Goog-Date=20240101T000000Z&X-Goog-Expires=3600&X-Goog-SignedHeaders=host&X-Goog-Signature="
                  + "~".repeat(512));
      default -> throw new IllegalArgumentException(store);
    };
  }

  /** A URL of 1 KiB: what all files have in common makes up the rest. */
  private static String url(String file, String before, String after) {
    String common = "IQoJb3JpZ2luX2VjEXAMPLE%2F%2FwEaDGV1LWNlbnRyYWwtMSJHMEUCIQ".repeat(32);
    int rest = URL_LENGTH - file.length() - before.length() - after.length();
    return file + before + common.substring(0, Math.max(0, rest)) + after;
  }

  private static String line(String url) {
    String stats =
        "{'numRecords':1#####,'minValues':%s,'maxValues':%s,'nullCount':%s}"
            .formatted(
                values("1########", "1##.##", "1", "@@@@@@@@@@@@", "1##", "0"),
                values("2########", "9##.##", "2", "z@@@@@@@@@@@", "9##", "1"),
                "{'id':0,'amount':1#,'at':0,'name':1##,'code':0,'day':0}");
    return "{'file':{'id':'%s','expirationTimestamp':1900000000000,'deltaSingleAction':{'add':{"
            .formatted("~".repeat(32))
            .replace('\'', '"')
        + "'path':'%s','partitionValues':{'p':'1^^^'},'size':9#######,'modificationTime':1700000000000,"
            .formatted(url)
            .replace('\'', '"')
        + "\"dataChange\":true,\"stats\":\""
        + stats.replace("'", "\\\"")
        + "\"}}}}\n";
  }

  private static String values(
      String id, String amount, String digit, String name, String code, String year) {
    return "{'id':%s,'amount':%s,'at':'202%s-01-1#T1#:1#:1#.###Z','name':'%s','code':%s,'day':'200%s-01-1#'}"
        .formatted(id, amount, digit, name, code, year);
  }

  /** Bytes of each line. */
  int length() {
    return template.length;
  }

  /** Writes the line of a file, which is not like that of any other. */
  void write(int file, byte[] out, int at) {
    System.arraycopy(template, 0, out, at, template.length);
    int partition = file / FILES_A_PARTITION;
    int digit = 0;
    long random = 0;
    int left = 0;
    for (int i = 0; i < holes.length; i++) {
      if (left == 0) {
        random = mix(((long) file << 16) + i);
        left = 16;
      }
      int four = (int) random & 15;
      random >>>= 4;
      left--;
      out[at + holes[i]] =
          switch (template[holes[i]]) {
            case '~' -> DIGITS[four];
            case '#' -> DIGITS[four % 10];
            case '@' -> (byte) ('a' + four);
            default -> DIGITS[partition / POWERS[digit++ % POWERS.length] % 10];
          };
    }
  }

  private static long mix(long seed) {
    long z = (seed + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
