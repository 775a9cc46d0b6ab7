/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.testing.PickyServer;
import io.github.deltasharing.testing.PickyServer.Refused;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.Rows;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each optional part of a request refused, by itself and with each other one: the rows are those
 * that Delta Lake reads.
 */
class RefusedPartsTest {
  private static final SparkSession SPARK = TestSpark.session();
  private static final Set<Refused> OF_ASYNC =
      EnumSet.of(Refused.ASYNC, Refused.IDEMPOTENCY_KEY, Refused.OLD_IDEMPOTENCY_KEY);
  private static final String FILTER = "part = 'a' AND id > 10";
  private static final Map<String, String> FEED =
      Map.of("readChangeFeed", "true", "startingVersion", "1", "responseFormat", "delta");

  @TempDir static Path directory;
  static TestShare share;
  private static final Map<String, List<String>> EXPECTED = new HashMap<>();

  @BeforeAll
  static void writeAndShare() {
    StreamRuns.interpret(true);
    write("plain", "'delta.enableChangeDataFeed' = 'true'");
    write("vectors", "'delta.enableDeletionVectors' = 'true'");
    for (String table : List.of("plain", "vectors")) {
      Dataset<Row> delta = delta(table, Map.of());
      EXPECTED.put(table, Rows.of(delta));
      EXPECTED.put(table + " filtered", Rows.of(delta.where(FILTER)));
    }
    EXPECTED.put("as of", Rows.of(delta("plain", Map.of("versionAsOf", "3")).where(FILTER)));
    EXPECTED.put("changes", Rows.of(delta("plain", FEED)));
    share =
        TestShare.withHistory(
            directory, List.of("plain", "vectors"), config -> config.asyncQueryAfterMs(0));
  }

  private static void write(String table, String properties) {
    for (String statement :
        List.of(
            "CREATE TABLE %s (id BIGINT, name STRING, part STRING) USING delta PARTITIONED BY (part)"
                + " TBLPROPERTIES ("
                + properties
                + ")",
            "INSERT INTO %s SELECT id, concat('n', id), element_at(array('a', 'b c', NULL),"
                + " CAST(id %% 3 AS INT) + 1) FROM range(0, 60, 1, 1)",
            "UPDATE %s SET name = 'updated' WHERE id %% 7 = 3",
            "INSERT INTO %s SELECT id, 'later', 'a' FROM range(60, 70, 1, 1)",
            "DELETE FROM %s WHERE id %% 9 = 4")) {
      SPARK.sql(statement.formatted("delta.`" + directory.resolve(table) + "`"));
    }
  }

  @AfterAll
  static void stop() {
    share.close();
    StreamRuns.interpret(false);
  }

  private static Dataset<Row> delta(String table, Map<String, String> options) {
    return SPARK.read().format("delta").options(options).load(directory.resolve(table).toString());
  }

  @Test
  void whereNothingIsRefusedEveryPartIsSent() throws Exception {
    try (PickyServer server = new PickyServer(share, Set.of())) {
      readSnapshotsAndChanges(server, options(true));
      readTableWithFeatures(server, options(true), true);
      stream(server);
      for (Refused part : Refused.values()) {
        assertThat(server.requestsWith(part)).as(part.name()).isPositive();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Refused.class)
  void whatIsRefusedIsDoneWithout(Refused refused) throws Exception {
    Map<String, String> options = options(OF_ASYNC.contains(refused));
    try (PickyServer server = new PickyServer(share, Set.of(refused))) {
      readSnapshotsAndChanges(server, options);
      stream(server);
      long refusals = server.requestsWith(refused);
      assertThat(refusals).isPositive();
      // It is remembered.
      readSnapshotsAndChanges(server, options);
      assertThat(server.requestsWith(refused)).isEqualTo(refusals);
      readTableWithFeatures(server, options, refused != Refused.READER_FEATURES);
    }
  }

  @ParameterizedTest
  @EnumSource(Refused.class)
  void whatIsRefusedInPairsIsDoneWithout(Refused refused) {
    for (Refused other : Refused.values()) {
      if (other.ordinal() > refused.ordinal()) {
        Set<Refused> pair = EnumSet.of(refused, other);
        Map<String, String> options = options(pair.stream().anyMatch(OF_ASYNC::contains));
        try (PickyServer server = new PickyServer(share, pair)) {
          readFiltered(server, options);
          if (pair.contains(Refused.LIMIT)) {
            readLimited(server, options);
          }
          readChanges(server, options);
          readTableWithFeatures(server, options, !pair.contains(Refused.READER_FEATURES));
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(pair + " are refused", e);
        }
      }
    }
  }

  /** With pages; and where queries may be answered later, which takes a while, with that. */
  private static Map<String, String> options(boolean async) {
    Map<String, String> options = new HashMap<>();
    options.put("queryPagination.enabled", "true");
    options.put("maxFilesPerQueryRequest", "2");
    if (async) {
      options.put("useAsyncQuery", "true");
      options.put("asyncQueryRetryInterval", "10ms");
    }
    return options;
  }

  private static Map<String, String> with(Map<String, String> options, Map<String, String> more) {
    Map<String, String> both = new HashMap<>(options);
    both.putAll(more);
    return both;
  }

  private static void readSnapshotsAndChanges(Recipient server, Map<String, String> options) {
    readFiltered(server, options);
    readLimited(server, options);
    Map<String, String> past = with(options, Map.of("versionAsOf", "3"));
    assertThat(Rows.of(server.read("plain", past).where(FILTER))).isEqualTo(EXPECTED.get("as of"));
    readChanges(server, options);
  }

  private static void readFiltered(Recipient server, Map<String, String> options) {
    assertThat(Rows.of(server.read("plain", options).where(FILTER)))
        .isEqualTo(EXPECTED.get("plain filtered"));
  }

  private static void readLimited(Recipient server, Map<String, String> options) {
    List<String> some = Rows.of(server.read("plain", options).limit(2));
    assertThat(some).hasSize(2);
    assertThat(new TreeSet<>(EXPECTED.get("plain"))).containsAll(some);
  }

  private static void readChanges(Recipient server, Map<String, String> options) {
    assertThat(Rows.of(server.read("plain", with(options, FEED))))
        .isEqualTo(EXPECTED.get("changes"));
  }

  /**
   * @param allowed whether the server lets such tables be asked for
   */
  private static void readTableWithFeatures(
      Recipient server, Map<String, String> options, boolean allowed) {
    if (allowed) {
      assertThat(Rows.of(server.read("vectors", options).where(FILTER)))
          .isEqualTo(EXPECTED.get("vectors filtered"));
    } else {
      assertThat(catchThrowable(() -> server.read("vectors", options).collectAsList()))
          .isInstanceOf(SharingException.class)
          .hasMessageContaining("share.schema.vectors");
    }
  }

  private static void stream(Recipient server) throws Exception {
    Dataset<Row> stream =
        StreamRuns.shared(server, "plain", Map.of("startingVersion", "0", "ignoreChanges", "true"));
    Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
    List<String> rows = new ArrayList<>(StreamRuns.availableNow(stream, checkpoint).rows());
    EXPECTED.putIfAbsent("stream", deltaStream());
    assertThat(rows).isEqualTo(EXPECTED.get("stream"));
  }

  private static List<String> deltaStream() throws Exception {
    Dataset<Row> stream =
        StreamRuns.delta(
            directory.resolve("plain"), Map.of("startingVersion", "0", "ignoreChanges", "true"));
    Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
    return StreamRuns.availableNow(stream, checkpoint).rows();
  }
}
