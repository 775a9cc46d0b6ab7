/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How slow is too slow: without waiting for it. */
class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  private static Pace pace(long timeoutSeconds, long grantSeconds) {
    Pace pace = new Pace(Duration.ofSeconds(timeoutSeconds));
    pace.startBody(Duration.ofSeconds(grantSeconds));
    return pace;
  }

  private static Pace pace() {
    return pace(320, 320);
  }

  /** Waits so long for so many bytes, again and again, as far as that is allowed. */
  private static void wait(Pace pace, int times, long nanos, int bytes) throws IOException {
    for (int i = 0; i < times; i++) {
      pace.nextWait();
      pace.waited(nanos, bytes);
    }
    pace.nextWait();
  }

  @Test
  void oneByteEachHalfSecondEndsAfterTheGrant() {
    Pace pace = pace();
    assertThatThrownBy(() -> wait(pace, 10_000, SECOND / 2, 1)).isInstanceOf(Pace.TooSlow.class);
    assertThat(pace.slow().waitedNanos()).isBetween(320 * SECOND, 325 * SECOND);
    assertThat(Failures.reason(pace.slow()))
        .isEqualTo("the response came more slowly than 1024 bytes a second");
  }

  @Test
  void aLongAnswerThatComesSteadilyNeverEndsByIt() {
    assertThatCode(() -> wait(pace(), 100_000, SECOND, 2048)).doesNotThrowAnyException();
  }

  @Test
  void aServerThatThinksForAsLongAsTheTimeoutIsWaitedFor() {
    Pace pace = pace(320, 400);
    assertThatCode(() -> wait(pace, 1, 79 * SECOND, 0)).doesNotThrowAnyException();
    assertThatCode(pace::nextWait).doesNotThrowAnyException();
    assertThat(nextWait(pace)).isBetween(320_000, 320_001);
  }

  private static int nextWait(Pace pace) {
    try {
      return pace.nextWait();
    } catch (Pace.TooSlow e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSmallAnswerHasToBeWholeWithinTheGrant() {
    Pace pace = pace();
    pace.bounded();
    assertThatThrownBy(() -> wait(pace, 1000, SECOND, 10_000)).isInstanceOf(Pace.TooSlow.class);
    assertThat(pace.slow()).hasMessage("the response did not come to its end within 320.0 s");
    Pace quick = pace(1, 60);
    quick.bounded();
    assertThatCode(() -> wait(quick, 59, SECOND, 0)).doesNotThrowAnyException();
  }

  @Test
  void anErrorsBodyIsNotWorthALongWait() {
    Pace pace = pace();
    pace.atMost(Duration.ofSeconds(10));
    assertThat(nextWait(pace)).isBetween(10_000, 10_001);
    assertThatThrownBy(() -> wait(pace, 1, 10 * SECOND, 1 << 20)).isInstanceOf(Pace.TooSlow.class);
    assertThat(pace.slow()).hasMessage("the response did not come to its end within 10.0 s");
  }

  @Test
  void aNewRequestStartsAnew() {
    Pace pace = pace();
    pace.atMost(Duration.ZERO);
    assertThatThrownBy(pace::nextWait).isInstanceOf(Pace.TooSlow.class);
    pace.startHead();
    assertThat(nextWait(pace)).isBetween(320_000, 320_001);
  }
}
