/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A release of Spark that the jar is promised for.
 *
 * @param spark its version
 * @param scala the Scala that it was built with
 */
record SparkLine(String spark, String scala) {
  /** All of them, oldest first. */
  static final List<SparkLine> ALL = all();

  /** Releases that are refused: the last of each minor version that people may still have. */
  static final List<SparkLine> REFUSED =
      List.of(new SparkLine("3.3.4", "2.12"), new SparkLine("3.4.4", "2.12"));

  /** The first and the last of each minor version and Scala, with which every build links. */
  private static final Set<String> EVERY_BUILD =
      Set.of("3.5.0", "3.5.9", "4.0.0", "4.0.4", "4.1.0", "4.1.3", "4.2.0");

  /** On which every build runs the suite: the last of each major version. */
  private static final Set<String> SUITE_IN_EVERY_BUILD = Set.of("3.5.9/2.13", "4.2.0/2.13");

  private static List<SparkLine> all() {
    List<SparkLine> lines = new ArrayList<>();
    for (String scala : List.of("2.12", "2.13")) {
      add(lines, "3.5.", 9, scala);
    }
    add(lines, "4.0.", 4, "2.13");
    add(lines, "4.1.", 3, "2.13");
    add(lines, "4.2.", 0, "2.13");
    return List.copyOf(lines);
  }

  private static void add(List<SparkLine> lines, String minor, int last, String scala) {
    IntStream.rangeClosed(0, last).forEach(i -> lines.add(new SparkLine(minor + i, scala)));
  }

  /**
   * Those of this build: "some", "all", or versions with commas between ("4.0.1", "3.5.2/2.13").
   */
  static List<SparkLine> ofThisBuild() {
    String chosen = System.getProperty("lines", "some");
    List<String> names = Arrays.asList(chosen.split(","));
    return ALL.stream()
        .filter(
            line ->
                switch (chosen) {
                  case "all" -> true;
                  case "some" -> EVERY_BUILD.contains(line.spark);
                  default -> names.contains(line.spark) || names.contains(line.toString());
                })
        .toList();
  }

  /** Those of them on which the suite runs. */
  static List<SparkLine> withSuiteInThisBuild() {
    boolean some = System.getProperty("lines", "some").equals("some");
    return ofThisBuild().stream()
        .filter(line -> !some || SUITE_IN_EVERY_BUILD.contains(line.toString()))
        .toList();
  }

  /** The versions of Java that Spark's documentation of this release names, from 17 on. */
  List<Integer> javaVersions() {
    return isFrom("4.2") ? List.of(17, 21, 25) : isFrom("4.0") ? List.of(17, 21) : List.of(17);
  }

  /** Those of this build: later ones only if lines are chosen, or all. */
  List<Integer> javaVersionsOfThisBuild() {
    return System.getProperty("lines", "some").equals("some") ? List.of(17) : javaVersions();
  }

  /** Whether this is that minor version or a later one, like "4.1". */
  boolean isFrom(String minor) {
    return minorNumber(spark) >= minorNumber(minor);
  }

  private static int minorNumber(String version) {
    String[] parts = version.split("\\.", -1);
    return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
  }

  @Override
  public String toString() {
    return spark + "/" + scala;
  }
}
