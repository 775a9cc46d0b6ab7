/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read by its own rules: each family has one TYPE before its
 * samples, whose lines are together; each series is there once; histograms have cumulative buckets
 * that end with +Inf and agree with their count.
 */
final class Exposition {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\[\\\\n\"])*)\",?");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  private final Map<String, String> types = new LinkedHashMap<>();
  private final Map<String, Double> series = new LinkedHashMap<>();
  private final Set<String> labelValues = new TreeSet<>();

  private Exposition() {}

  static Exposition parse(String text) {
    Exposition parsed = new Exposition();
    assertThat(text).endsWith("\n");
    String family = "";
    Set<String> over = new TreeSet<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        over.add(family);
        family = words[2];
        assertThat(over).as(line).doesNotContain(family);
        assertThat(TYPES).contains(words[3]);
        parsed.types.put(family, words[3]);
      } else if (!line.startsWith("# HELP ")) {
        parsed.sample(line, family);
      }
    }
    parsed.checkHistograms();
    return parsed;
  }

  private void sample(String line, String family) {
    Matcher sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as(line).isTrue();
    String name = sample.group(1);
    assertThat(name).isIn(names(family));
    String rest = sample.group(2) == null ? "" : sample.group(2);
    List<String> labels = new ArrayList<>();
    while (!rest.isEmpty()) {
      Matcher label = LABEL.matcher(rest);
      assertThat(label.lookingAt()).as(line).isTrue();
      labels.add(label.group(1) + "=" + label.group(2));
      if (!label.group(1).equals("le")) {
        labelValues.add(label.group(2));
      }
      rest = rest.substring(label.end());
    }
    labels.sort(null);
    String value = sample.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
    assertThat(series.put(name + labels, Double.valueOf(value))).as("twice: " + line).isNull();
  }

  private Set<String> names(String family) {
    return switch (types.getOrDefault(family, "")) {
      case "histogram", "summary" ->
          Set.of(family, family + "_bucket", family + "_count", family + "_sum", family + "_max");
      default -> Set.of(family);
    };
  }

  private void checkHistograms() {
    types.forEach(
        (family, type) -> {
          if (type.equals("histogram")) {
            double last = 0;
            for (Map.Entry<String, Double> entry : series.entrySet()) {
              if (entry.getKey().startsWith(family + "_bucket[")) {
                assertThat(entry.getValue()).isGreaterThanOrEqualTo(last);
                last = entry.getValue();
                if (entry.getKey().contains("le=+Inf")) {
                  String count =
                      entry
                          .getKey()
                          .replace("_bucket[", "_count[")
                          .replaceFirst("(, )?le=\\+Inf(, )?", "$1$2")
                          .replaceFirst("\\[, ", "[")
                          .replace(", , ", ", ")
                          .replaceFirst(", ]", "]");
                  assertThat(series.get(count)).as(count).isEqualTo(entry.getValue());
                  last = 0;
                }
              }
            }
          }
        });
  }

  /** The value of a series: a name and its labels in order, such as {@code up[job=x]}. */
  double value(String wanted) {
    assertThat(series).containsKey(wanted);
    return series.get(wanted);
  }

  OptionalDouble find(String wanted) {
    return series.containsKey(wanted)
        ? OptionalDouble.of(series.get(wanted))
        : OptionalDouble.empty();
  }

  Set<String> families() {
    return types.keySet();
  }

  Set<String> series() {
    return series.keySet();
  }

  Set<String> labelValues() {
    return labelValues;
  }
}
