/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.listing.ListingSettings;
import io.github.deltasharing.listing.RestFileLister;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stream asks for, holds and gives, against a history that is made up. */
@Tag("unit")
class StreamReaderTest {
  private static final SharingOffset INITIAL = SharingOffset.initial();
  private static final StreamStart FIRST = new StreamStart(0L, false, null);

  private static StreamReader reader(
      FakeHistory server, StreamStart start, ResponseFormat format, String... options) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    StreamFileLister lists =
        new StreamFileLister(
            new RestFileLister(
                server,
                FakeHistory.NAME,
                new ListingSettings(List.of(format), null, Duration.ofHours(1), null, true)),
            FakeHistory.NAME,
            ChangesRequest.Feed.FILES);
    TableGuard guard = new TableGuard(FakeHistory.NAME, server.table(server.latest, format));
    return new StreamReader(server, guard, lists, start, new SharingReadConf(given, name -> null));
  }

  private static SharingReadLimit files(int most) {
    return new SharingReadLimit(most, Long.MAX_VALUE);
  }

  /** As its checkpoint gives it back. */
  private static SharingOffset kept(SharingOffset offset) {
    return SharingOffset.fromJson("s.s.t", offset.json());
  }

  private static List<String> rows(List<StreamFile> files) {
    return files.stream().map(f -> f.change().file().partitionValues().get("row")).toList();
  }

  /** One batch after another, to the end. */
  private record Batches(List<SharingOffset> offsets, List<List<String>> rows) {
    List<String> all() {
      return rows.stream().flatMap(List::stream).toList();
    }
  }

  private static Batches run(StreamReader reader, SharingOffset from, int most) {
    Batches batches = new Batches(new ArrayList<>(List.of(from)), new ArrayList<>());
    SharingOffset at = from;
    while (true) {
      SharingOffset next = reader.next(at, files(most));
      if (next.equals(at)) {
        return batches;
      }
      batches.offsets().add(next);
      batches.rows().add(rows(reader.files(at, next)));
      reader.committed(next);
      at = next;
    }
  }

  private static List<String> expected(long first, long last) {
    List<String> rows = new ArrayList<>();
    for (long version = first; version <= last; version++) {
      for (long number = 0; number < version % 4; number++) {
        rows.add(version + "-" + number);
      }
    }
    return rows;
  }

  @Test
  void manyVersionsAreAskedForSomeAtATimeAndFewAreHeld() {
    FakeHistory server = new FakeHistory(500);
    StreamReader reader =
        reader(
            server,
            new StreamStart(1L, false, null),
            ResponseFormat.PARQUET,
            "maxVersionsPerRpc",
            "10");
    SharingOffset at = INITIAL;
    List<String> rows = new ArrayList<>();
    long most = 0;
    for (int batch = 0; ; batch++) {
      SharingOffset next = reader.next(at, files(7));
      if (next.equals(at)) {
        break;
      }
      rows.addAll(rows(reader.files(at, next)));
      reader.committed(next);
      at = next;
      if (batch % 20 == 10) {
        most = Math.max(most, server.held());
      }
    }
    assertThat(rows).isEqualTo(expected(1, 500));
    List<String> asked = new ArrayList<>(List.of("version"));
    for (int first = 1; first <= 500; first += 10) {
      asked.add(first + " to " + (first + 9));
    }
    assertThat(server.asked).isEqualTo(asked);
    // Ten versions have 16 files at most, and a batch may need those of two answers.
    assertThat(most).isPositive().isLessThanOrEqualTo(32);
    assertThat(server.answered).hasSize(750);
  }

  static Stream<Arguments> runs() {
    return Stream.of(
            FIRST, StreamStart.SNAPSHOT, new StreamStart(null, false, "2024-01-01T00:00:00Z"))
        .flatMap(
            start ->
                Stream.of(ResponseFormat.values())
                    .flatMap(
                        format ->
                            Stream.of(1, 2, 5, 1000)
                                .map(most -> Arguments.of(start, format, most))));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void fromEveryOffsetItGoesOnAsItDidAlthoughTheTableMovedOn(
      StreamStart start, ResponseFormat format, int most) {
    FakeHistory server = new FakeHistory(12);
    String[] window = {"maxVersionsPerRpc", "3"};
    Batches once = run(reader(server, start, format, window), INITIAL, most);
    boolean byName = format == ResponseFormat.PARQUET;
    List<String> all = expected(start.timestamp() == null ? 0 : 3, 12);
    assertThat(once.all()).containsExactlyInAnyOrderElementsOf(all);
    if (byName && start != StreamStart.SNAPSHOT) {
      assertThat(once.all()).isEqualTo(all);
    }
    server.latest = 17;
    for (int batch = 0; batch < once.rows().size(); batch++) {
      // Planned and not finished: the batch has the same files, in the same order.
      StreamReader again = reader(server, start, format, window);
      SharingOffset from = batch == 0 ? INITIAL : kept(once.offsets().get(batch));
      SharingOffset to = kept(once.offsets().get(batch + 1));
      assertThat(rows(again.files(from, to))).isEqualTo(once.rows().get(batch));
      // Finished: what follows is what is left.
      List<String> rest = new ArrayList<>();
      once.rows().subList(batch + 1, once.rows().size()).forEach(rest::addAll);
      rest.addAll(expected(13, 17));
      assertThat(run(again, to, most).all()).containsExactlyInAnyOrderElementsOf(rest);
    }
  }

  @Test
  void aSnapshotThatIsTheLatestNeedsNoHistory() {
    FakeHistory server = new FakeHistory(7);
    server.historyShared = false;
    StreamReader reader = reader(server, StreamStart.SNAPSHOT, ResponseFormat.DELTA);
    SharingOffset middle = reader.next(INITIAL, files(2));
    assertThat(reader.files(INITIAL, middle)).hasSize(2);
    assertThat(server.asked).containsExactly("version", "snapshot");
    server.latest = 8;
    StreamReader restarted = reader(server, StreamStart.SNAPSHOT, ResponseFormat.DELTA);
    assertThatThrownBy(() -> restarted.next(kept(middle), files(2)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("initial snapshot, version 7")
        .hasMessageContaining("the server has version 8")
        .hasMessageContaining("new checkpoint");
  }

  @Test
  void historyThatIsGoneFailsByItsVersions() {
    FakeHistory server = new FakeHistory(12);
    SharingOffset at =
        run(reader(server, FIRST, ResponseFormat.DELTA), INITIAL, 5).offsets().get(1);
    server.earliest = 9;
    StreamReader restarted = reader(server, FIRST, ResponseFormat.DELTA);
    assertThatThrownBy(() -> restarted.next(kept(at), files(5)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("refuses its versions " + at.position().version() + " to ")
        .hasMessageContaining("it is not there")
        .hasMessageContaining("rows are lost to this stream")
        .hasMessageContaining("new checkpoint directory");
  }

  @Test
  void urlsThatGrewOldBeforeTheirTurnAreAskedForAgain() {
    FakeHistory server = new FakeHistory(7);
    StreamReader reader = reader(server, FIRST, ResponseFormat.PARQUET);
    server.urlsDieAt = System.currentTimeMillis() + 3_600_000;
    SharingOffset first = reader.next(INITIAL, files(3));
    SharingOffset second = reader.next(first, files(3));
    assertThat(server.asked).containsExactly("version", "0 to 7");
    StreamReader slow = reader(server, FIRST, ResponseFormat.PARQUET);
    server.asked.clear();
    server.urlsDieAt = System.currentTimeMillis() + 40;
    slow.next(INITIAL, files(3));
    long end = server.urlsDieAt;
    while (System.currentTimeMillis() <= end) {
      Thread.onSpinWait();
    }
    server.urlsDieAt = null;
    assertThat(slow.next(first, files(3))).isEqualTo(second);
    assertThat(rows(slow.files(first, second))).isEqualTo(rows(reader.files(first, second)));
    assertThat(server.asked).containsExactly("version", "0 to 7", "3 to 7");
  }

  @Test
  void anUpgradedTableIsReadUpToTheVersionThatNeedsMore() {
    FakeHistory server = new FakeHistory(12);
    server.protocols =
        List.of(
            new Protocol(3, 7, Set.of("deletionVectors"), 4L),
            new Protocol(3, 7, Set.of("deletionVectors", "newFeature"), 8L));
    StreamReader reader = reader(server, FIRST, ResponseFormat.DELTA);
    SharingOffset end = reader.next(INITIAL, files(1000));
    assertThat(rows(reader.files(INITIAL, end))).hasSize(expected(0, 7).size());
    assertThat(end.position()).isEqualTo(StreamPosition.ofCommit(8));
    assertThatThrownBy(() -> reader.next(end, files(1000)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("s.s.t")
        .hasMessageContaining("newFeature")
        .hasMessageContaining("Upgrade");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b | 6 | column b was added       | Start the query again",
        "b   | 6 | column a was dropped     | Start the query again",
        "a,b | 3 | column b was dropped     | The current schema"
      })
  void aSchemaThatDoesNotFitFailsAtItsVersion(
      String columns, long version, String said, String advice) {
    FakeHistory server = new FakeHistory(5);
    StreamReader reader = reader(server, FIRST, ResponseFormat.DELTA);
    server.latest = 8;
    server.metadata =
        List.of(FakeHistory.metadata("id", FakeHistory.schema(columns.split(",")), version));
    SharingOffset end = reader.next(INITIAL, files(1000));
    assertThat(end.position()).isEqualTo(StreamPosition.ofCommit(version));
    assertThatThrownBy(() -> reader.next(end, files(1000)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("schema of version " + version)
        .hasMessageContaining(said)
        .hasMessageContaining(advice);
  }

  @Test
  void anotherTableOfThatNameFailsAtOnceIfItHasFewerVersionsAndAtItsFirstCommitElse() {
    FakeHistory server = new FakeHistory(5);
    for (long latest : List.of(2L, 9L)) {
      server.id = "id";
      server.latest = 5;
      StreamReader reader = reader(server, FIRST, ResponseFormat.PARQUET);
      SharingOffset end = reader.next(INITIAL, files(1000));
      StreamReader going = reader(server, FIRST, ResponseFormat.PARQUET);
      server.id = "other";
      server.latest = latest;
      assertThatThrownBy(() -> going.next(end, files(1000)))
          .isInstanceOf(SharingException.class)
          .hasMessageContaining(
              "recreated: its id is other, and the stream read a table with the id id");
      StreamReader restarted = reader(server, FIRST, ResponseFormat.PARQUET);
      assertThatThrownBy(() -> restarted.next(kept(end), files(1000)))
          .hasMessageContaining("recreated");
      assertThatThrownBy(() -> restarted.files(INITIAL, kept(end)))
          .hasMessageContaining("recreated");
    }
  }

  @Test
  void aCommitThatFailsIsNamedWhenItsTurnComes() {
    FakeHistory server = new FakeHistory(8);
    server.removesIn = 6L;
    StreamReader reader = reader(server, FIRST, ResponseFormat.PARQUET);
    SharingOffset end = reader.next(INITIAL, files(1000));
    assertThat(rows(reader.files(INITIAL, end))).isEqualTo(expected(0, 5));
    assertThatThrownBy(() -> reader.next(end, files(1000)))
        .hasMessageContaining("version 6 changed rows");
    StreamReader skipping =
        reader(server, FIRST, ResponseFormat.PARQUET, "skipChangeCommits", "true");
    List<String> rest = new ArrayList<>(expected(7, 8));
    assertThat(run(skipping, kept(end), 2).all()).isEqualTo(rest);
  }

  @Test
  void aStartAfterTheLatestCommitIsWaitedFor() {
    FakeHistory server = new FakeHistory(5);
    server.firstAtTime = 7;
    StreamStart start = new StreamStart(null, false, "2024-01-01T00:00:00Z");
    StreamReader reader = reader(server, start, ResponseFormat.PARQUET);
    for (int i = 0; i < 3; i++) {
      assertThat(reader.next(SharingOffset.initial(), files(100))).isNull();
    }
    assertThat(server.asked.stream().filter(q -> q.startsWith("version at"))).hasSize(1);
    // Nothing was checkpointed, so a restart waits again; a commit before that time is none of it.
    server.latest = 6;
    assertThat(
            reader(server, start, ResponseFormat.PARQUET).next(SharingOffset.initial(), files(100)))
        .isNull();
    server.latest = 9;
    StreamReader restarted = reader(server, start, ResponseFormat.PARQUET);
    assertThat(run(restarted, SharingOffset.initial(), 100).all()).isEqualTo(expected(7, 9));
    StreamStart failing = new StreamStart(null, false, "2024-01-01T00:00:00Z", false);
    server.firstAtTime = 10;
    assertThatThrownBy(
            () ->
                reader(server, failing, ResponseFormat.PARQUET)
                    .next(SharingOffset.initial(), files(100)))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("'startingTimestamp'")
        .hasMessageContaining("'failOnStartAfterLatest'");
  }

  @Test
  void metricsTellWhatWaits() {
    FakeHistory server = new FakeHistory(6);
    StreamReader reader = reader(server, FIRST, ResponseFormat.PARQUET, "maxVersionsPerRpc", "4");
    assertThat(reader.metrics(INITIAL)).isEmpty();
    assertThat(reader.serverOffset()).isNull();
    SharingOffset at = reader.next(INITIAL, files(2));
    assertThat(at.position()).isEqualTo(new StreamPosition(2, 0, false));
    assertThat(reader.metrics(at))
        .containsEntry("serverVersion", "6")
        .containsEntry("numVersionsOutstanding", "5")
        .containsEntry("numFilesOutstanding", "4")
        .containsEntry("numBytesOutstanding", "40")
        .containsEntry("fetchedVersion", "3")
        .containsKey("lastPollAgeMs");
    assertThat(reader.serverOffset().position()).isEqualTo(StreamPosition.ofCommit(7));
    SharingOffset end = run(reader, at, 100).offsets().get(1);
    assertThat(reader.metrics(end))
        .containsEntry("numVersionsOutstanding", "0")
        .containsEntry("numFilesOutstanding", "0")
        .containsEntry("fetchedVersion", "6");
  }

  @Test
  void aFirstBatchOfUpstreamsThatDidNotEndBeginsAsTheOptionsSay() {
    FakeHistory server = new FakeHistory(6);
    SharingOffset end = kept(SharingOffset.of("id", StreamPosition.ofCommit(5), null, null));
    assertThat(rows(reader(server, FIRST, ResponseFormat.PARQUET).files(INITIAL, end)))
        .isEqualTo(expected(0, 4));
    assertThat(
            rows(reader(server, StreamStart.SNAPSHOT, ResponseFormat.PARQUET).files(INITIAL, end)))
        .containsExactlyInAnyOrderElementsOf(expected(0, 4));
    assertThat(server.asked).containsExactly("0 to 4", "snapshot as of version 4");
    StreamReader latest = reader(server, new StreamStart(null, true, null), ResponseFormat.PARQUET);
    assertThatThrownBy(() -> latest.files(INITIAL, end)).hasMessageContaining("'latest'");
  }
}
