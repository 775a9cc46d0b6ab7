/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who waits before it signs in, by a clock that goes and jumps. */
@Tag("unit")
class SignInAttemptsTest {
  private final MovableClock clock = new MovableClock();
  private final SignInAttempts attempts = new SignInAttempts(clock);

  private void refuse(String address, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(attempts.begin(address)).as("attempt %d", i).isEmpty();
    }
  }

  @Test
  void aClockThatIsSetBackMakesNobodyWaitForLonger() {
    refuse("a", 5);
    assertThat(attempts.begin("a")).contains(Duration.ofSeconds(1));
    clock.move(Duration.ofMinutes(-50));
    assertThat(attempts.begin("a")).contains(Duration.ofSeconds(1));
    clock.move(Duration.ofSeconds(1));
    assertThat(attempts.begin("a")).isEmpty();
    assertThat(attempts.begin("a")).contains(Duration.ofSeconds(2));
    clock.move(Duration.ofDays(-1));
    assertThat(attempts.begin("a")).isEmpty();
  }

  @Test
  void whatIsUndecidedMakesNobodyWaitWhateverTheClockDoes() {
    refuse("a", 5);
    attempts.undecided("a");
    clock.move(Duration.ofMinutes(-5));
    assertThat(attempts.begin("a")).isEmpty();
  }

  @Test
  void whoHasManyAddressesKeepsNobodyOutWhoSignedInBefore() {
    refuse("admin's", 1);
    attempts.accepted("admin's");
    for (int i = 0; i < 300; i++) {
      attempts.begin("other " + i);
    }
    assertThat(attempts.begin("new")).isPresent();
    refuse("admin's", 5);
    // By itself it waits as all do.
    assertThat(attempts.begin("admin's")).contains(Duration.ofSeconds(1));
    clock.move(Duration.ofMinutes(1));
    assertThat(attempts.begin("new")).isEmpty();
  }
}
