/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import static io.github.deltasharing.streaming.StreamFixture.added;
import static io.github.deltasharing.streaming.StreamFixture.removed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.ChangeFile;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class CommitRulesTest {
  private static final CommitRules STRICT = new CommitRules(false, false, false);
  private static final CommitRules DELETES = new CommitRules(true, false, false);
  private static final CommitRules CHANGES = new CommitRules(false, true, false);
  private static final CommitRules SKIP = new CommitRules(false, false, true);

  private static final List<ChangeFile> ADDS = List.of(added("a", 5, 1), added("b", 5, 1));
  private static final List<ChangeFile> REMOVES = List.of(removed("a", 5));
  private static final List<ChangeFile> BOTH = List.of(added("a", 5, 1), removed("a", 5));

  private static List<ChangeFile> admitted(CommitRules rules, List<ChangeFile> files) {
    return rules.admitted("s.s.t", 5, files);
  }

  @Test
  void whatIsOnlyAddedIsReadUnderAllRules() {
    for (CommitRules rules : List.of(STRICT, DELETES, CHANGES, SKIP)) {
      assertThat(admitted(rules, ADDS)).isEqualTo(ADDS);
      assertThat(admitted(rules, List.of())).isEmpty();
    }
  }

  @Test
  void deletionsFailUnlessAnOptionPassesOverThem() {
    assertThatThrownBy(() -> admitted(STRICT, REMOVES))
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("version 5")
        .hasMessageContaining("ignoreDeletes")
        .hasMessageContaining("skipChangeCommits")
        .hasMessageContaining("ignoreChanges");
    for (CommitRules rules : List.of(DELETES, CHANGES, SKIP)) {
      assertThat(admitted(rules, REMOVES)).isEmpty();
    }
  }

  /** A file that comes back with another deletion vector among them. */
  @Test
  void changesFailUnlessAnOptionSaysHowToReadThem() {
    for (CommitRules rules : List.of(STRICT, DELETES)) {
      assertThatThrownBy(() -> admitted(rules, BOTH))
          .hasMessageContaining("version 5")
          .hasMessageContaining("ignoreChanges")
          .hasMessageContaining("skipChangeCommits");
    }
    assertThat(admitted(CHANGES, BOTH)).containsExactly(BOTH.get(0));
    assertThat(admitted(SKIP, BOTH)).isEmpty();
    assertThat(admitted(new CommitRules(true, true, true), BOTH)).isEmpty();
  }
}
