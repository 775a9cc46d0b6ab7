/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BatchBudgetTest {
  private static ChangeFile file(long size) {
    return StreamFixture.added("f", 1, size);
  }

  private static int admitted(SharingReadLimit limit, long... sizes) {
    BatchBudget admission = new BatchBudget(limit);
    int count = 0;
    for (long size : sizes) {
      if (!admission.admit(List.of(file(size)))) {
        assertThat(admission.isFull()).isTrue();
        break;
      }
      count++;
    }
    return count;
  }

  @Test
  void filesAreCounted() {
    assertThat(admitted(new SharingReadLimit(2, Long.MAX_VALUE), 1, 1, 1)).isEqualTo(2);
  }

  @Test
  void theFileThatCrossesTheLimitOfBytesIsTheLast() {
    SharingReadLimit limit = new SharingReadLimit(Long.MAX_VALUE, 10);
    assertThat(admitted(limit, 4, 5, 100, 1)).isEqualTo(3);
    assertThat(admitted(limit, 4, 6, 1)).isEqualTo(2);
    assertThat(admitted(limit, 100, 1)).isEqualTo(1);
  }

  @Test
  void theTighterOfTwoLimitsHolds() {
    assertThat(admitted(new SharingReadLimit(2, 10), 100, 1)).isEqualTo(1);
    assertThat(admitted(new SharingReadLimit(2, 1000), 1, 1, 1)).isEqualTo(2);
  }

  @Test
  void withoutLimitEverythingComes() {
    assertThat(admitted(SharingReadLimit.NONE, 1, 1, 1)).isEqualTo(3);
  }

  @Test
  void aCommitComesWholeAndMayCrossTheLimit() {
    BatchBudget admission = new BatchBudget(new SharingReadLimit(1, Long.MAX_VALUE));
    assertThat(admission.admit(List.of(file(1), file(1), file(1)))).isTrue();
    assertThat(admission.admit(List.of(file(1)))).isFalse();
    assertThat(admission.admit(List.of())).isTrue();
  }

  private static SharingReadLimit limit(Map<String, String> options) {
    return SharingReadLimit.of(new SharingReadConf(options, name -> null));
  }

  @Test
  void filesAreLimitedByDefaultUnlessBytesAre() {
    assertThat(limit(Map.of())).isEqualTo(new SharingReadLimit(1000, Long.MAX_VALUE));
    assertThat(limit(Map.of("maxBytesPerTrigger", "10g")))
        .isEqualTo(new SharingReadLimit(Long.MAX_VALUE, 10L << 30));
    assertThat(limit(Map.of("maxFilesPerTrigger", "7", "maxBytesPerTrigger", "1")))
        .isEqualTo(new SharingReadLimit(7, 1));
  }

  @Test
  void limitsOfZeroAreRefused() {
    for (String option : List.of("maxFilesPerTrigger", "maxBytesPerTrigger", "maxVersionsPerRpc")) {
      assertThatThrownBy(() -> limit(Map.of(option, "0")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(option)
          .hasMessageContaining("'0'");
    }
  }

  @Test
  void sparksOwnLimitsAreUnderstood() {
    assertThat(SharingReadLimit.of(ReadLimit.allAvailable())).isEqualTo(SharingReadLimit.NONE);
    assertThat(SharingReadLimit.of(ReadLimit.maxFiles(3)))
        .isEqualTo(new SharingReadLimit(3, Long.MAX_VALUE));
    ReadLimit both =
        ReadLimit.compositeLimit(
            new ReadLimit[] {ReadLimit.maxFiles(3), new SharingReadLimit(9, 5)});
    assertThat(SharingReadLimit.of(both)).isEqualTo(new SharingReadLimit(3, 5));
    assertThatThrownBy(() -> SharingReadLimit.of(ReadLimit.maxRows(3)))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
