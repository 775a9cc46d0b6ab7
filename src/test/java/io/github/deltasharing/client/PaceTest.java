package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How slow is too slow: without waiting for it. */
@Tag("unit")
class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  private static Pace pace() {
    return Pace.of(Duration.ofSeconds(320));
  }

  @Test
  void oneByteEachHalfSecondEndsAfterTheGrace() {
    Pace pace = pace();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                pace.came(1);
                pace.waited(SECOND / 2, true);
              }
            })
        .isInstanceOfSatisfying(
            StalledException.class,
            e ->
                assertThat(Failures.reason(e))
                    .isEqualTo("the answer came more slowly than 1024 bytes a second"));
  }

  @Test
  void aLongAnswerThatComesSteadilyNeverEndsByIt() {
    Pace pace = pace();
    assertThatCode(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                pace.came(2048);
                pace.waited(SECOND, true);
              }
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aServerThatThinksForAsLongAsTheTimeoutIsWaitedFor() {
    Pace pace = pace();
    assertThatCode(() -> pace.waited(319 * SECOND, true)).doesNotThrowAnyException();
    assertThat(pace.longestWaitNanos()).isEqualTo(320 * SECOND);
    assertThatThrownBy(() -> pace.waited(320 * SECOND, false))
        .isInstanceOfSatisfying(StalledException.class, e -> assertThat(e.isSlow()).isFalse());
  }

  @Test
  void aSmallAnswerHasToBeWholeWithinTheGrace() {
    Pace pace = pace();
    pace.bounded();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                pace.came(10_000);
                pace.waited(SECOND, true);
              }
            })
        .hasMessage("the answer did not come to its end within 320.0 s");
    Pace quick = Pace.of(Duration.ofSeconds(1));
    quick.bounded();
    assertThatCode(() -> quick.waited(59 * SECOND, true)).doesNotThrowAnyException();
  }

  @Test
  void anErrorsBodyIsNotWorthALongWait() {
    Pace pace = pace();
    pace.atMost(Duration.ofSeconds(10));
    assertThat(pace.longestWaitNanos()).isEqualTo(10 * SECOND);
    assertThatThrownBy(() -> pace.waited(10 * SECOND, false)).isInstanceOf(StalledException.class);
  }
}
