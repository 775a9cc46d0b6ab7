/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.options.StreamOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class VersionPollingTest {
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final AtomicLong version = new AtomicLong(3);
  private final AtomicInteger asked = new AtomicInteger();
  private final VersionPolling polling =
      new VersionPolling(
          () -> {
            asked.incrementAndGet();
            return version.get();
          },
          Duration.ofSeconds(30));

  @BeforeEach
  void setClock() {
    PollingClock.set(clock::get);
  }

  @AfterEach
  void resetClock() {
    PollingClock.set(null);
  }

  @Test
  void asksAtOnceAndThenOncePerInterval() {
    assertThat(polling.known()).isEqualTo(-1);
    assertThat(polling.latest()).isEqualTo(3);
    version.set(4);
    clock.addAndGet(29_999);
    assertThat(polling.latest()).isEqualTo(3);
    assertThat(polling.age()).isEqualTo(29_999);
    assertThat(asked).hasValue(1);
    clock.addAndGet(1);
    assertThat(polling.latest()).isEqualTo(4);
    assertThat(polling.age()).isZero();
    assertThat(asked).hasValue(2);
  }

  @Test
  void frozenItStaysWhereItIs() {
    polling.freeze();
    version.set(9);
    clock.addAndGet(1_000_000);
    assertThat(polling.latest()).isEqualTo(3);
    assertThat(asked).hasValue(1);
  }

  @Test
  void aServerThatFallsBackIsSeenToDoSo() {
    polling.latest();
    version.set(1);
    clock.addAndGet(30_000);
    assertThat(polling.latest()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9s", "9", "0", "9999ms"})
  void shorterIntervalsThanTenSecondsAreRefused(String interval) {
    String conf = "spark.delta.sharing.streaming.queryTableVersionIntervalSeconds";
    assertThatThrownBy(
            () -> new SharingReadConf(Map.of(), name -> name.equals(conf) ? interval : null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(conf)
        .hasMessageContaining("at least 10s");
  }

  @Test
  void theIntervalIsThirtySecondsByDefault() {
    assertThat(SharingReadConf.defaults().get(StreamOptions.QUERY_TABLE_VERSION_INTERVAL))
        .isEqualTo(Duration.ofSeconds(30));
  }
}
