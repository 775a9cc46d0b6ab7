/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.read.ScanMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of metrics in {@code docs/pushdown.md} has all of them, by the names the UI shows. */
@Tag("unit")
class MetricsDocTest {
  @Test
  void everyMetricIsInTheTable() throws IOException {
    String page = Files.readString(Path.of("docs/pushdown.md"));
    String table = page.substring(page.indexOf("| In the UI | In code |"));
    assertThat(
            Pattern.compile("(?m)^\\| ([^|]+) \\| `(\\w+)` \\|")
                .matcher(table)
                .results()
                .map(row -> row.group(2) + ": " + row.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ScanMetrics.all(), PlanMetrics.all())
                .flatMap(Stream::of)
                .map((CustomMetric metric) -> metric.name() + ": " + metric.description())
                .toList());
  }
}
