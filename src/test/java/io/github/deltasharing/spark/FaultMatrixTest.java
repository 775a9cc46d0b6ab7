/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.FaultyServer;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault at every place, once and always: the right rows or one clear error, and never a wait
 * without end.
 */
class FaultMatrixTest {
  /** A whole query; a stall ends after a second, and is tried again twice. */
  private static final Duration BOX = Duration.ofSeconds(40);

  private static final Map<String, String> OPTIONS =
      Map.of(
          "timeout", "1s",
          "numRetries", "2",
          "retrySleepInterval", "10ms");

  /** Of a fault that stays, nothing else is waited for than its timeouts. */
  private static final Map<String, String> IMPATIENT =
      Map.of("timeout", "150ms", "numRetries", "1", "retrySleepInterval", "10ms");

  private static final int ALWAYS = 1_000;

  @TempDir static Path directory;
  static TestShare share;
  static FaultyServer server;
  private static List<String> expected;

  /** Where a fault strikes. The table has one file with a deletion vector, read in four ranges. */
  enum Place {
    ANSWER((request, file) -> request.target().endsWith("/query")),
    FOOTER((request, file) -> isData(request) && isTail(request)),
    FIRST_RANGE((request, file) -> isData(request) && startsBelow(request, 3_000_000)),
    MIDDLE_RANGE(
        (request, file) -> isData(request) && !startsBelow(request, 3_000_000) && !isTail(request)),
    DELETION_VECTOR((request, file) -> file >= 0 && request.target().contains("deletion_vector"));

    private final FaultyServer.Aim aim;

    Place(FaultyServer.Aim aim) {
      this.aim = aim;
    }

    private static boolean isData(StubRequest request) {
      return request.header("Range") != null && request.target().contains(".parquet");
    }

    private static boolean startsBelow(StubRequest request, long position) {
      return start(request) < position;
    }

    private static boolean isTail(StubRequest request) {
      return start(request) >= fileSize - (64 << 10);
    }

    private static long start(StubRequest request) {
      String range = request.header("Range");
      return Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
    }
  }

  /** What goes wrong, and whether it is survived when it happens once. */
  enum Fault {
    UNAVAILABLE(true, right -> StubAnswer.status(503)),
    TOO_MANY(true, right -> StubAnswer.status(429).withHeader("Retry-After", "0")),
    RESET(true, right -> StubAnswer.hangUp()),
    CUT(true, right -> right.cutAfter(right.body().length / 2)),
    STALLED(true, right -> right.stallAfter(right.body().length / 2)),
    EMPTY(true, right -> right.cutAfter(0)),
    OTHER_RANGE(
        false,
        right -> right.withHeader("content-range", "bytes 0-9/" + fileSize).withBody(new byte[10])),
    OTHER_LENGTH(
        false,
        right ->
            right.withHeader(
                "content-range", right.headers().get("content-range").replaceAll("/.*", "/77"))),
    OTHER_FILE(false, right -> right.withHeader("etag", "\"other\"")),
    // A URL may have died: a file's is asked for again, once.
    GONE(true, right -> StubAnswer.status(404)),
    NOT_JSON(false, right -> StubAnswer.html(200, "<html>Log in</html>")),
    LAST_LINE_MISSING(
        true,
        right -> {
          String text = new String(right.body(), StandardCharsets.UTF_8).stripTrailing();
          return right.withBody(text.substring(0, text.lastIndexOf('\n') + 1));
        });

    private final boolean survivedOnce;
    private final UnaryOperator<StubAnswer> spoil;

    Fault(boolean survivedOnce, UnaryOperator<StubAnswer> spoil) {
      this.survivedOnce = survivedOnce;
      this.spoil = spoil;
    }

    boolean fits(Place place) {
      return switch (this) {
        case OTHER_RANGE -> place != Place.ANSWER;
        // Nobody promises the length of a deletion vector's file: its checksum is checked instead.
        case OTHER_LENGTH -> place != Place.ANSWER && place != Place.DELETION_VECTOR;
        // Nothing was seen before the first request of a file, nor of a deletion vector's.
        case OTHER_FILE -> place == Place.FIRST_RANGE || place == Place.MIDDLE_RANGE;
        case NOT_JSON, LAST_LINE_MISSING -> place == Place.ANSWER;
        default -> true;
      };
    }
  }

  private static long fileSize;

  @BeforeAll
  static void writeAndShare() {
    SparkSession spark = TestSpark.session();
    String path = directory.resolve("t").toString();
    String[] columns = new String[9];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = "sha2(string(id + " + i * 1_000_000 + "), 512) AS c" + i;
    }
    columns[0] = "id";
    spark
        .range(0, 12_000, 1, 1)
        .selectExpr(columns)
        .write()
        .format("delta")
        .option("delta.enableDeletionVectors", "true")
        .option("compression", "none")
        .save(path);
    spark.sql("DELETE FROM delta.`" + path + "` WHERE id % 7 = 3");
    fileSize =
        Arrays.stream(spark.read().format("delta").load(path).inputFiles())
            .mapToLong(file -> Path.of(java.net.URI.create(file)).toFile().length())
            .sum();
    expected = Rows.of(query(spark.read().format("delta").load(path)));
    share = TestShare.of(directory, List.of("t"));
    server = new FaultyServer(share);
  }

  @AfterAll
  static void stop() {
    server.close();
    share.close();
  }

  /** Three columns that do not touch each other, of all rows. */
  private static Dataset<Row> query(Dataset<Row> table) {
    return table.selectExpr(
        "count(*)", "bit_xor(xxhash64(c1))", "bit_xor(xxhash64(c4))", "bit_xor(xxhash64(c8))");
  }

  static Stream<Arguments> matrix() {
    Stream.Builder<Arguments> all = Stream.builder();
    for (Fault fault : Fault.values()) {
      for (Place place : Place.values()) {
        if (fault.fits(place)) {
          all.add(Arguments.of(fault, place, 1)).add(Arguments.of(fault, place, ALWAYS));
        }
      }
    }
    return all.build();
  }

  @ParameterizedTest(name = "{0} at {1}, {2} times")
  @MethodSource("matrix")
  void rightRowsOrAClearError(Fault fault, Place place, int times) {
    boolean waits = fault == Fault.STALLED && times == ALWAYS;
    Dataset<Row> table = server.read("t", waits ? IMPATIENT : OPTIONS);
    server.spoil(place.aim, fault.spoil, times);
    boolean survived =
        times == 1 && fault.survivedOnce && !(fault == Fault.GONE && place == Place.ANSWER);
    assertTimeoutPreemptively(
        BOX,
        () -> {
          if (survived) {
            assertThat(Rows.of(query(table))).isEqualTo(expected);
          } else {
            Throwable failure = catchThrowable(() -> query(table).collectAsList());
            assertThat(failure).isNotNull();
            assertThat(ours(failure))
                .hasMessageContaining("share.schema.t")
                .hasMessageNotContaining(TestShare.CANARY)
                .hasMessageNotContaining("signature");
          }
        });
    assertThat(server.hits()).isPositive();
  }

  private static Throwable ours(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SharingException) {
        return t;
      }
    }
    return failure;
  }
}
