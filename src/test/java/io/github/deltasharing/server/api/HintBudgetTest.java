/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The time that hints may take. */
@Tag("unit")
class HintBudgetTest {
  @Test
  void clockOfHintsThatTookTooLongDoesNotRunAgain() {
    HintBudget budget = new HintBudget(Duration.ofNanos(1));
    HintBudget.Clock clock = budget.start("a");
    assertThat(clock.isRunning()).isTrue();
    clock.start();
    clock.stop();
    assertThat(clock.isRunning()).isFalse();
    assertThat(budget.start("a").isRunning()).isFalse();
    assertThat(budget.start("b").isRunning()).isTrue();
  }
}
