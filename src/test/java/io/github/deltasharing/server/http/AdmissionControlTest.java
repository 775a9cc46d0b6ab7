/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.TestLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who runs, who waits, who is refused. */
@Tag("unit")
class AdmissionControlTest {
  private static final long MIB = 1 << 20;
  private final TestLimits limits = new TestLimits();
  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private AdmissionControl admission;

  private void start() {
    admission = new AdmissionControl(limits.build(), threads::add);
  }

  private void ask(String client, String name, long bytes) {
    admission.run(client, bytes, () -> ran.add(name), e -> refused.add(name + " " + e.status()));
  }

  /** Lets the request that started first end. */
  private void finishOne() {
    threads.remove().run();
  }

  @Test
  void noMoreRunThanFitInMemory() {
    limits.running = 100;
    start();
    for (int i = 0; i < 5; i++) {
      ask("c" + i, "r" + i, 30 * MIB);
    }
    assertThat(threads).hasSize(2);
    finishOne();
    assertThat(threads).hasSize(2);
    while (!threads.isEmpty()) {
      finishOne();
    }
    assertThat(ran).containsExactly("r0", "r1", "r2", "r3", "r4");
    assertThat(refused).isEmpty();
  }

  @Test
  void whatIsTooLargeRunsAloneAndSmallerOnesDoNotOvertakeIt() {
    limits.running = 100;
    start();
    ask("a", "first", 30 * MIB);
    ask("b", "huge", 1_000 * MIB);
    ask("c", "last", 10 * MIB);
    assertThat(threads).hasSize(1);
    finishOne();
    assertThat(threads).hasSize(1);
    finishOne();
    assertThat(threads).hasSize(1);
    finishOne();
    assertThat(ran).containsExactly("first", "huge", "last");
  }

  @Test
  void smallTablesAreServedWhateverIsDoneOnLargeOnes() {
    start();
    for (int i = 0; i < 50; i++) {
      ask("a", "large" + i, 60 * MIB);
    }
    assertThat(threads).hasSize(1);
    ask("a", "small", MIB);
    assertThat(threads).hasSize(2);
  }

  @Test
  void oneClientLeavesRoomToOthers() {
    limits.running = 4;
    start();
    for (int i = 0; i < 90; i++) {
      ask("greedy", "g" + i, MIB);
    }
    assertThat(threads).hasSize(3);
    // 75 of 100 places to wait in.
    assertThat(refused).hasSize(90 - 3 - 75).allMatch(text -> text.endsWith(" 429"));
    ask("other", "o", MIB);
    assertThat(threads).hasSize(4);
    while (!threads.isEmpty()) {
      finishOne();
    }
    assertThat(ran).hasSize(79).contains("o");
    assertThat(ran.indexOf("o")).isEqualTo(3);
  }

  @Test
  void refusesWhenTooManyWait() {
    limits.waiting = 4;
    limits.running = 4;
    start();
    for (int i = 0; i < 12; i++) {
      ask("c" + i, "r" + i, MIB);
    }
    assertThat(threads).hasSize(4);
    assertThat(refused).containsExactly("r8 503", "r9 503", "r10 503", "r11 503");
  }

  @Test
  void nobodyWaitsForEver() {
    limits.waitingTime = Duration.ZERO;
    limits.running = 1;
    start();
    ask("a", "first", MIB);
    ask("b", "second", MIB);
    admission.sweep();
    assertThat(refused).containsExactly("second 503");
    finishOne();
    assertThat(threads).isEmpty();
    ask("b", "third", MIB);
    assertThat(threads).hasSize(1);
  }

  @Test
  void workThatFailsLeavesItsPlace() {
    limits.running = 1;
    start();
    admission.run(
        "a",
        MIB,
        () -> {
          throw new IllegalStateException("work");
        },
        e -> {});
    ask("b", "next", MIB);
    try {
      finishOne();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("work");
    }
    finishOne();
    assertThat(ran).containsExactly("next");
  }

  @Test
  void aClientWaitsForOneTurnHoweverManyRequestsOthersHaveWaiting() {
    limits.running = 4;
    limits.waiting = 200;
    start();
    for (int i = 0; i < 64; i++) {
      ask("greedy", "g" + i, MIB);
    }
    ask("second", "s", MIB);
    assertThat(threads).hasSize(4);
    for (int i = 0; i < 20; i++) {
      int before = ran.size();
      ask("other", "o" + i, MIB);
      // One of the four that run is to end, and then it runs itself as the last of four.
      while (!ran.contains("o" + i)) {
        finishOne();
      }
      assertThat(ran.size() - before).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void clientsTakeTurnsForALaneOfOne() {
    limits.running = 1;
    start();
    ask("a", "running", MIB);
    for (int i = 0; i < 3; i++) {
      ask("a", "a" + i, MIB);
    }
    ask("b", "b0", MIB);
    ask("b", "b1", MIB);
    ask("c", "c0", MIB);
    while (!threads.isEmpty()) {
      finishOne();
    }
    assertThat(ran).containsExactly("running", "a0", "b0", "c0", "a1", "b1", "a2");
  }

  @Test
  void aLargeRequestHasItsTurnThoughAnotherClientKeepsSendingSmallerOnes() {
    limits.running = 100;
    start();
    ask("a", "a", 10 * MIB);
    ask("b", "b0", 10 * MIB);
    ask("a", "huge", 1_000 * MIB);
    int sent = 1;
    while (!ran.contains("huge") && sent < 50) {
      ask("b", "b" + sent++, 10 * MIB);
      finishOne();
    }
    assertThat(ran).contains("huge");
    assertThat(ran.size()).isLessThan(8);
    while (!threads.isEmpty()) {
      finishOne();
    }
    assertThat(ran).hasSize(2 + sent).doesNotHaveDuplicates();
    assertThat(refused).isEmpty();
  }

  @Test
  void whatWaitsForMemoryIsRefusedInTimeAndThenOthersRun() {
    limits.waitingTime = Duration.ZERO;
    limits.running = 100;
    start();
    ask("a", "first", 30 * MIB);
    ask("b", "huge", 1_000 * MIB);
    admission.sweep();
    assertThat(refused).containsExactly("huge 503");
    ask("c", "small", 10 * MIB);
    assertThat(threads).hasSize(2);
  }
}
