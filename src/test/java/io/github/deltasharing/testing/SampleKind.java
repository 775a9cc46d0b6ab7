/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A type with the values that a corpus of tables and predicates is made of, ascending: extremes,
 * neighbours, and what statistics, hints and encodings are known to get wrong. Tables and
 * predicates share them, so that predicates hit.
 */
enum SampleKind {
  TINYINT("tinyint", "-128,-127,-7,-1,0,1,2,3,5,7,9,10,12,42,100,126,127"),
  SMALLINT("smallint", "-32768,-32767,-129,-1,0,1,2,3,7,10,128,255,256,9999,32766,32767"),
  INT(
      "int",
      "-2147483648,-2147483647,-32769,-100,-10,-9,-1,0,1,2,3,9,10,11,100,32768,16777217,"
          + "2147483646,2147483647"),
  BIGINT(
      "bigint",
      "-9223372036854775808,-9223372036854775807,-2147483649,-1,0,1,2,10,99,100,2147483648,"
          + "9007199254740992,9007199254740993,9223372036854775806,9223372036854775807"),
  FLOAT(
      "float",
      "-Infinity,-3.4028235E38,-3.25,-0.1,-1.4E-45,-0.0,0.0,1.4E-45,0.1,0.3,1.5,2.0,16777216,"
          + "3.4028235E38,Infinity,NaN"),
  DOUBLE(
      "double",
      "-Infinity,-1.7976931348623157E308,-2.5,-0.1,-4.9E-324,-0.0,0.0,4.9E-324,0.1,0.3,1.0,1.5,"
          + "9007199254740993,1.7976931348623157E308,Infinity,NaN"),
  SMALL_DECIMAL(
      "decimal(9,2)", "-9999999.99,-10.01,-10.00,-0.01,0.00,0.01,0.10,1.50,2.00,9.99,9999999.99"),
  LARGE_DECIMAL(
      "decimal(30,5)",
      "-9999999999999999999999999.99999,-1.00001,-1.00000,-0.00001,0.00000,0.00001,0.10000,"
          + "9007199254740993.00000,9007199254740993.00001,9999999999999999999999999.99999"),
  BOOLEAN("boolean", "false,true"),
  DATE(
      "date",
      "0001-01-01,1500-02-28,1582-10-04,1582-10-15,1899-12-31,1969-12-31,1970-01-01,2023-12-31,"
          + "2024-02-28,2024-02-29,2024-03-01,2024-03-10,9999-12-31,+12345-06-07"),
  TIMESTAMP(
      "timestamp",
      "0001-01-03 00:00:00Z,1582-10-03 12:00:00Z,1900-01-01 00:00:00.000001Z,"
          + "1969-12-31 23:59:59.999999Z,1970-01-01 00:00:00Z,2024-02-28 23:30:00Z,"
          + "2024-02-29 12:34:56.123Z,2024-02-29 12:34:56.123001Z,2024-02-29 12:34:56.123456Z,"
          + "2024-02-29 12:34:56.123999Z,2024-02-29 12:34:56.124Z,2024-03-10 09:59:59.999999Z,"
          + "2024-03-10 10:30:00Z,2024-11-03 08:30:00Z,2024-11-03 09:30:00.5Z,"
          + "9999-12-30 23:59:59.999999Z"),
  STRING("string", Texts.ASCENDING),
  BINARY("binary", List.of("", "00", "00FF", "61", "7F", "80", "FF", "FF".repeat(40)));

  private final String ddl;

  @SuppressWarnings("ImmutableEnumChecker") // A copy that nobody can change.
  private final List<String> samples;

  SampleKind(String ddl, String samples) {
    this(ddl, Arrays.asList(samples.split(",", -1)));
  }

  SampleKind(String ddl, List<String> samples) {
    this.ddl = ddl;
    this.samples = List.copyOf(samples);
  }

  String ddl() {
    return ddl;
  }

  List<String> samples() {
    return samples;
  }

  String any(Random random) {
    return samples.get(random.nextInt(samples.size()));
  }

  /** The value as an SQL constant of this type. */
  String literal(String value) {
    return switch (this) {
      case STRING -> quoted(value);
      case BINARY -> "X'" + value + "'";
      case BOOLEAN -> value;
      default -> "CAST('" + value + "' AS " + ddl + ")";
    };
  }

  boolean numeric() {
    return compareTo(LARGE_DECIMAL) <= 0;
  }

  boolean integral() {
    return compareTo(BIGINT) <= 0;
  }

  boolean floating() {
    return this == FLOAT || this == DOUBLE;
  }

  /** A name for a column of this type. */
  String columnName() {
    return "c_" + name().toLowerCase(Locale.ROOT);
  }

  static String quoted(String text) {
    return "'"
        + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
        + "'";
  }

  /** Strings in the order of their UTF-8 bytes, which is not that of their UTF-16 units. */
  private static final class Texts {
    private static final String PREFIX = "shared prefix of thirty-two char";
    private static final String EMOJI = "\uD83D\uDE00";

    static final List<String> ASCENDING =
        List.of(
            "",
            " lead",
            "%",
            "10",
            "2024-02-29",
            "5",
            "9",
            "A",
            "Z",
            "a",
            "a_b",
            "ab",
            "back\\slash",
            "it's",
            "line\nbreak",
            "null",
            PREFIX.substring(0, 31),
            PREFIX.substring(0, 31) + EMOJI,
            PREFIX,
            PREFIX + "a",
            PREFIX + "b",
            PREFIX + "z" + EMOJI,
            PREFIX + "\uFFFD",
            PREFIX + EMOJI,
            "trail ",
            "true",
            "z",
            "\u00E4",
            "\u00FC\u00F1\u00ED",
            "\u65E5\u672C",
            "\uE000x",
            "\uFFFD",
            EMOJI,
            EMOJI + "a");
  }
}
