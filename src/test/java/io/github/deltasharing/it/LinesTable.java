/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * README's table of what ran: for each line and Java the number of checks that passed. Releases of
 * a minor version that are alike share a row.
 */
final class LinesTable {
  /** A line on a Java. */
  record Run(SparkLine line, int java) {}

  private static final Path README = Path.of("README.md");
  private static final Pattern TABLE =
      Pattern.compile(
          "(<!-- Spark lines, written by SparkLinesIT:.*?-->\\n)(.*?)(<!-- end of Spark lines -->)",
          Pattern.DOTALL);
  private static final String HEAD =
      "| Spark | Scala | Java | Checks passed |\n|---|---|---|---|\n";

  private final Map<Run, Integer> passed =
      new TreeMap<>(
          Comparator.<Run>comparingInt(run -> SparkLine.ALL.indexOf(run.line()))
              .thenComparingInt(Run::java));

  /** What README says. */
  static LinesTable read() throws IOException {
    LinesTable table = new LinesTable();
    for (String row : matcher(Files.readString(README)).group(2).split("\n", -1)) {
      String[] cells = row.split("\\|", -1);
      if (cells.length == 6 && cells[4].strip().matches("\\d+")) {
        for (String spark : cells[1].split(",", -1)) {
          SparkLine line = new SparkLine(spark.strip(), cells[2].strip());
          for (String java : cells[3].split(",", -1)) {
            table.put(line, Integer.parseInt(java.strip()), Integer.parseInt(cells[4].strip()));
          }
        }
      }
    }
    return table;
  }

  private static Matcher matcher(String readme) {
    Matcher matcher = TABLE.matcher(readme);
    if (!matcher.find()) {
      throw new IllegalStateException(
          "README.md has lost the comments around its table of Spark lines");
    }
    return matcher;
  }

  /** Adds a run, or replaces what is known of it. */
  void put(SparkLine line, int java, int checks) {
    passed.put(new Run(line, java), checks);
  }

  /** The number of checks that passed; null if it is not known to have run. */
  Integer get(SparkLine line, int java) {
    return passed.get(new Run(line, java));
  }

  /** Whether a line is known to have run, on whichever Java. */
  boolean has(SparkLine line) {
    return passed.keySet().stream().anyMatch(run -> run.line().equals(line));
  }

  /** Writes it into README. */
  void write() throws IOException {
    String readme = Files.readString(README);
    Matcher matcher = matcher(readme);
    Files.writeString(
        README,
        readme.substring(0, matcher.start(2))
            + HEAD
            + String.join("", rows())
            + readme.substring(matcher.end(2)));
  }

  private List<String> rows() {
    Map<List<Object>, List<Run>> alike = new LinkedHashMap<>();
    passed.forEach(
        (run, checks) -> {
          String minor = run.line().spark().replaceAll("\\.\\d+$", "");
          List<Object> key = Arrays.asList(minor, run.line().scala(), run.java(), checks);
          alike.computeIfAbsent(key, k -> new ArrayList<>()).add(run);
        });
    List<String> rows = new ArrayList<>();
    alike.forEach(
        (key, runs) ->
            rows.add(
                "| %s | %s | %s | %s |\n"
                    .formatted(
                        String.join(", ", runs.stream().map(run -> run.line().spark()).toList()),
                        key.get(1),
                        key.get(2),
                        key.get(3))));
    return rows;
  }
}
