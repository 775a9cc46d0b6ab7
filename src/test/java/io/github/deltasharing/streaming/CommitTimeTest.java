/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.client.ChangesRequest.Feed;
import io.github.deltasharing.listing.ListingSettings;
import io.github.deltasharing.listing.RestFileLister;
import io.github.deltasharing.protocol.ResponseFormat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rows that a stream of changes begins with are inserts of the time of their version. */
@Tag("unit")
class CommitTimeTest {
  private final FakeHistory history = new FakeHistory(6);

  private Long time(Feed feed, long version) {
    return new StreamFileLister(
            new RestFileLister(
                history,
                FakeHistory.NAME,
                new ListingSettings(
                    List.of(ResponseFormat.PARQUET), null, Duration.ofHours(1), null, true)),
            FakeHistory.NAME,
            feed)
        .snapshot(version, null, 6)
        .time();
  }

  @Test
  void isWhatTheFilesSay() {
    assertThat(time(Feed.ROWS, 6)).isEqualTo(6000);
    assertThat(history.asked).containsExactly("snapshot as of version 6");
  }

  @Test
  void isWhatTheCommitSaysWhereTheFilesSayNothing() {
    history.timesInSnapshots = false;
    assertThat(time(Feed.ROWS, 6)).isEqualTo(6000);
    assertThat(history.asked).containsExactly("snapshot as of version 6", "6 to 6");
  }

  @Test
  void isWhatPagesSayWhereTheCommitHadNoFile() {
    history.timesInSnapshots = false;
    assertThat(time(Feed.ROWS, 4)).isEqualTo(4000);
    assertThat(history.asked)
        .containsExactly("snapshot as of version 4", "4 to 4", "snapshot as of version 4 in pages");
  }

  @Test
  void isUnknownWhereNothingSaysIt() {
    history.timesInSnapshots = false;
    history.timesInPages = false;
    assertThat(time(Feed.ROWS, 4)).isNull();
  }

  @Test
  void isNoTimeOfAnEarlierVersion() {
    // File by file their own: those of version 6 come in any place.
    for (int i = 0; i < 20; i++) {
      assertThat(time(Feed.ROWS, 6)).isEqualTo(6000);
    }
    // Version 4 has no file of its own that would say it.
    history.timesInPages = false;
    assertThat(time(Feed.ROWS, 4)).isNull();
  }

  @Test
  void isNotAskedForWhereNoRowHasIt() {
    history.timesInSnapshots = false;
    assertThat(time(Feed.FILES, 6)).isNull();
    assertThat(history.asked).containsExactly("snapshot");
  }
}
