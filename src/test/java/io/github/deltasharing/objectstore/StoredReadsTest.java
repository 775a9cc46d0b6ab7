/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.conformance.RenderedRows;
import io.github.deltasharing.conformance.SharedRead;
import io.github.deltasharing.conformance.SharedStream;
import io.github.deltasharing.it.ConformanceTables;
import io.github.deltasharing.testing.Corpus;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.S3Relay;
import io.github.deltasharing.testing.S3Request.Kind;
import io.github.deltasharing.testing.S3Sessions;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.StreamRuns;
import io.github.deltasharing.testing.TestShare;
import io.github.deltasharing.testing.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads of the conformance suite in each way that a table's files can be reached; what Delta Lake
 * reads is expected.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredReadsTest {
  /** Where tables lie and how their files are reached. */
  enum Way {
    LOCAL_FILES,
    S3_URLS,
    DIRECTORY,
    /** With a credential that the connector cannot use, so that it falls back to URLs. */
    DIRECTORY_OF_ANOTHER_CLOUD
  }

  private static final SharedRead BY_DAY =
      new SharedRead("by_day", "by_day", Map.of(), "true", List.of("*"));

  @TempDir static Path directory;
  private final S3Store store = S3Store.shared();
  private final S3Relay relay = new S3Relay(store.endpoint());
  private final S3Sessions sessions = new S3Sessions(store);
  private ConformanceTables tables;
  private TestShare local;
  private StoredShare stored;
  private VendingServer directories;
  private VendingServer otherCloud;

  @BeforeAll
  void write() throws IOException {
    tables = new ConformanceTables(directory);
    List<String> names = tables.writeFew();
    local = TestShare.withHistory(tables.directory(), names);
    String bucket = store.newBucket("tables");
    store.copy(tables.directory(), bucket, "shared/");
    Map<String, String> locations =
        names.stream()
            .collect(Collectors.toMap(name -> name, name -> "s3a://" + bucket + "/shared/" + name));
    stored = StoredShare.start(directory, locations, store.newKey(bucket), relay, "");
    relay.answerBy(sessions);
    directories =
        new VendingServer(
            stored,
            directory,
            locations,
            location -> sessions.credential(relay, location, Duration.ofMinutes(30)));
    otherCloud =
        new VendingServer(
            stored,
            directory,
            locations,
            location ->
                "\"gcpOauthToken\":{\"oauthToken\":\"ya29.canary\"},\"expirationTime\":"
                    + Instant.now().plusSeconds(600).toEpochMilli());
  }

  @AfterAll
  void close() {
    directories.close();
    otherCloud.close();
    stored.close();
    local.close();
    relay.close();
  }

  /** Were these all read by URLs, the tests below would show nothing. */
  @Test
  void onlyTheFallBackRequestsFilesOfTheServer() {
    directories.takeQueries();
    otherCloud.takeQueries();
    relay.forget();
    read(Way.DIRECTORY, BY_DAY);
    assertThat(directories.takeQueries()).isZero();
    assertThat(relay.requests(Kind.LIST)).isNotEmpty();
    relay.forget();
    read(Way.DIRECTORY_OF_ANOTHER_CLOUD, BY_DAY);
    assertThat(otherCloud.takeQueries()).isEqualTo(1);
    assertThat(relay.requests(Kind.LIST)).isEmpty();
  }

  private List<String> read(Way way, SharedRead read) {
    Dataset<Row> shared =
        TestSpark.session()
            .read()
            .format("deltaSharing")
            .options(read.options())
            .options(options(way))
            .load(recipient(way).path(read.table()));
    return Corpus.interpreted(() -> RenderedRows.of(read.of(shared))).lines();
  }

  private Recipient recipient(Way way) {
    return switch (way) {
      case LOCAL_FILES -> local;
      case S3_URLS -> stored;
      case DIRECTORY -> directories;
      case DIRECTORY_OF_ANOTHER_CLOUD -> otherCloud;
    };
  }

  private static Map<String, String> options(Way way) {
    return way == Way.DIRECTORY || way == Way.DIRECTORY_OF_ANOTHER_CLOUD
        ? Map.of("accessMode", "dir")
        : Map.of();
  }

  private static Stream<Arguments> reads() {
    return Stream.of(Way.values())
        .flatMap(way -> ConformanceTables.fewReads().stream().map(read -> Arguments.of(way, read)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("reads")
  void readsWhatDeltaLakeReads(Way way, SharedRead read) {
    assertThat(read(way, read)).isEqualTo(tables.expected(read.name()).lines());
  }

  private static Stream<Arguments> streams() {
    return Stream.of(Way.values())
        .flatMap(
            way ->
                ConformanceTables.fewStreams().stream().map(stream -> Arguments.of(way, stream)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("streams")
  void streamsWhatDeltaLakeStreams(Way way, SharedStream stream) throws Exception {
    Map<String, String> options = new HashMap<>(stream.options());
    options.putAll(options(way));
    Dataset<Row> shared = StreamRuns.shared(recipient(way), stream.table(), options);
    StreamRuns.interpret(true);
    try {
      Path checkpoint = Files.createTempDirectory(directory, "checkpoint");
      assertThat(
              RenderedRows.of(
                      shared.schema().catalogString(),
                      StreamRuns.availableNow(shared, checkpoint).rows())
                  .lines())
          .isEqualTo(tables.expected(stream.name()).lines());
    } finally {
      StreamRuns.interpret(false);
    }
  }
}
