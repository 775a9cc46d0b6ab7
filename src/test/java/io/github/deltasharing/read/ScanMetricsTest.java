/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.storage.IoStats;
import java.util.Arrays;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScanMetricsTest {
  @Test
  void everyTaskMetricHasItsMetric() {
    assertThat(Arrays.stream(SharingTaskMetric.of(new IoStats(), 0, 0)).map(CustomTaskMetric::name))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ScanMetrics.all()).map(CustomMetric::name).toList());
  }

  @Test
  void metricsAreMadeByTheirClassNames() throws ReflectiveOperationException {
    for (CustomMetric metric : ScanMetrics.all()) {
      Object made = Class.forName(metric.getClass().getName()).getConstructor().newInstance();
      assertThat(((CustomMetric) made).name()).isEqualTo(metric.name());
      assertThat(metric.description()).isNotBlank();
    }
  }

  @Test
  void wastedIsWhatWasFetchedAndNotNeeded() {
    IoStats stats = new IoStats();
    stats.needed(10);
    assertThat(stats.bytesWasted()).isZero();
    assertThat(stats.bytesNeeded()).isEqualTo(10);
  }

  @Test
  void waitingTimesAreShownAsSparkShowsTimes() {
    CustomMetric wait = new ScanMetrics.WaitTime();
    assertThat(wait.aggregateTaskMetrics(new long[0])).isEqualTo("0 ms");
    assertThat(wait.aggregateTaskMetrics(new long[] {3_000, 5, 90_000}))
        .isEqualTo("total (min, med, max)\n1.6 m (5 ms, 3.0 s, 1.5 m)");
  }
}
