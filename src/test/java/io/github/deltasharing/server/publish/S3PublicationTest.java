/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.auth.SigningKey;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.PublicationRequest.Mode;
import io.github.deltasharing.server.publish.delta.DataFileWriter;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.LocalUrlSigner;
import io.github.deltasharing.server.storage.Stores;
import io.github.deltasharing.server.store.AdminRole;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.Provenance;
import io.github.deltasharing.server.store.StoredPrincipal;
import io.github.deltasharing.server.store.StoredPublication;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.delta.DeltaSources;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.S3Relay;
import io.github.deltasharing.testing.S3Request;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.StubAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that fails, loses connections, or is written to by others: nothing is half done. */
@Tag("unit")
class S3PublicationTest {
  private static final String ORDERS = "id,name\n1,a\n2,b\n3,c\n";
  private static final Duration DAYS = Duration.ofDays(2);

  @TempDir Path directory;
  private final S3Store store = S3Store.shared();
  private final String bucket = store.newBucket("publications");
  private final MovableClock clock = new MovableClock(Instant.now());
  private S3Relay relay;
  private Stores stores;
  private Database database;
  private TableSources sources;
  private Publications publications;

  @BeforeEach
  void start() {
    relay = new S3Relay(store.endpoint());
    database =
        Database.open(
            new DatabaseConfig(
                "jdbc:h2:file:" + directory.resolve("store"), Optional.of("sa"), Optional.of("")));
    Map<String, String> hadoop =
        new HashMap<>(S3Store.hadoop(relay.endpoint(), store.newKey(bucket)));
    hadoop.put("fs.s3a.attempts.maximum", "1");
    hadoop.put("fs.s3a.multipart.size", "5M");
    LocalUrlSigner signer = new LocalUrlSigner(SigningKey.random(), Clock.systemUTC(), "/files");
    stores =
        new Stores(
            List.of(new StorageConfig("s3a://" + bucket, hadoop, Optional.empty())),
            signer,
            Clock.systemUTC());
    DeltaSources delta = new DeltaSources(10, false);
    sources = table -> delta.open(table.fullName(), table.location(), stores.of(table));
    publications =
        new Publications(
            database,
            new ConfiguredShares(List.of()),
            new PublishedTables(
                new TableRoots(
                    URI.create("s3a://" + bucket + "/pub"), directory.resolve("tables"), stores),
                0,
                new DataFileWriter(DataFileWriter.localDisks()),
                sources),
            1 << 26,
            Optional.of(Duration.ofDays(3)),
            clock);
  }

  @AfterEach
  void stop() {
    publications.close();
    database.close();
    stores.close();
    relay.close();
  }

  private StoredPublication publish(Mode mode, String csv) {
    FileOptions options =
        new FileOptions(
            "orders.csv",
            Optional.empty(),
            Optional.empty(),
            '"',
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Map.of());
    PublicationRequest request =
        new PublicationRequest(
            Optional.of("orders"), Optional.empty(), options, mode, false, Optional.empty());
    Change change = new Change("admin", Instant.now());
    Publications.Sender sender =
        new Publications.Sender(
            new StoredPrincipal(
                "1",
                "admin",
                AdminRole.ADMIN,
                "",
                Optional.empty(),
                new Provenance(1, change.at(), "admin", change.at(), "admin")),
            change);
    Uploads.Incoming incoming = publications.begin(request, sender, csv.length());
    try {
      incoming.write(ByteBuffer.wrap(csv.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return publications.publish(request, incoming, sender, () -> {});
  }

  private static Predicate<S3Request> put(String what) {
    return request -> request.method().equals("PUT") && request.key().matches(".*" + what);
  }

  private static final Predicate<S3Request> COMMIT = put("_delta_log/\\d{20}\\.json");
  private static final Predicate<S3Request> DATA = put("\\.parquet");

  /** Of requests of a kind, so many. */
  private static java.util.function.Function<S3Request, Optional<StubAnswer>> first(
      int many, Predicate<S3Request> which, StubAnswer answer) {
    AtomicInteger left = new AtomicInteger(many);
    return request ->
        which.test(request) && left.getAndDecrement() > 0 ? Optional.of(answer) : Optional.empty();
  }

  private static StubAnswer unavailable() {
    return StubAnswer.status(503).withBody("<Error><Code>ServiceUnavailable</Code></Error>");
  }

  private List<String> objects() {
    return store.keys(bucket, "");
  }

  private long objects(String regex) {
    return objects().stream().filter(key -> key.matches(".*" + regex)).count();
  }

  /** As recipients see the table: its version, and how many rows its files have. */
  private String state() throws IOException {
    StoredPublication now = publications.get("orders");
    var snapshot =
        sources.open(new SharedTable("s", "s", "t", now.location(), "", true, 0)).latest();
    long rows = 0;
    try (TableFileIterator files = snapshot.files()) {
      while (files.hasNext()) {
        String stats = files.next().stats().orElseThrow();
        rows += Long.parseLong(stats.replaceFirst(".*\"numRecords\":(\\d+).*", "$1"));
      }
    }
    return "v%d, %d rows, record v%d"
        .formatted(snapshot.version(), rows, now.upload().tableVersion());
  }

  private void assertNothingIsPublished() {
    assertThat(publications.page(new Page.Of("", 10)).items()).isEmpty();
  }

  @Test
  void dataThatCannotBeWrittenIsTakenBack() throws IOException {
    relay.answerBy(first(Integer.MAX_VALUE, DATA, unavailable()));
    assertThatThrownBy(() -> publish(Mode.CREATE, ORDERS))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("not able to respond now");
    assertNothingIsPublished();
    assertThat(objects()).isEmpty();
    relay.letThrough();
    publish(Mode.CREATE, ORDERS);
    List<String> before = objects();
    relay.answerAfterwardsBy(first(Integer.MAX_VALUE, DATA, unavailable()));
    assertThatThrownBy(() -> publish(Mode.REPLACE, ORDERS)).isInstanceOf(StoreException.class);
    assertThat(objects()).isEqualTo(before);
    assertThat(state()).isEqualTo("v0, 3 rows, record v0");
  }

  @Test
  void aCommitThatWasDoneCountsWhateverTheStoreSaysOfIt() throws IOException {
    for (StubAnswer answer : List.of(unavailable(), StubAnswer.hangUp(), StubAnswer.status(412))) {
      relay.answerAfterwardsBy(first(Integer.MAX_VALUE, COMMIT, answer));
      publish(Mode.CREATE, ORDERS);
      assertThat(state()).isEqualTo("v0, 3 rows, record v0");
      publish(Mode.APPEND, ORDERS);
      assertThat(state()).isEqualTo("v1, 6 rows, record v1");
      publish(Mode.REPLACE, ORDERS);
      assertThat(state()).isEqualTo("v2, 3 rows, record v2");
      assertThat(objects("\\.unpublished/.*")).isZero();
      relay.letThrough();
      publications.remove("orders", true, new Change("admin", Instant.now()), any -> {});
      assertThat(objects()).isEmpty();
    }
  }

  @Test
  void aCommitThatWasLostOnItsWayIsDoneAgain() throws IOException {
    for (StubAnswer answer : List.of(unavailable(), StubAnswer.hangUp(), StubAnswer.status(409))) {
      relay.answerBy(first(2, COMMIT, answer));
      publish(Mode.CREATE, ORDERS);
      relay.letThrough();
      assertThat(state()).isEqualTo("v0, 3 rows, record v0");
      publications.remove("orders", true, new Change("admin", Instant.now()), any -> {});
    }
  }

  @Test
  void aStoreThatIsAwayAtTheEndLeavesNoTable() {
    relay.answerBy(first(Integer.MAX_VALUE, COMMIT, unavailable()));
    assertThatThrownBy(() -> publish(Mode.CREATE, ORDERS)).hasMessageContaining("Try again later");
    assertNothingIsPublished();
    relay.letThrough();
    // A request may still be on its way: what it would complete is kept for a day.
    assertThat(objects("\\.parquet")).isEqualTo(1);
    publications.tidy();
    assertThat(objects("\\.parquet")).isEqualTo(1);
    clock.forwardMillis(DAYS.toMillis());
    publications.tidy();
    assertThat(objects()).isEmpty();
  }

  @Test
  void whetherAVersionIsThereIsFoundOutLaterAndNeverItsFilesDeleted() throws IOException {
    publish(Mode.CREATE, ORDERS);
    Predicate<S3Request> reading =
        request ->
            request.method().equals("GET") && request.key().endsWith("00000000000000000001.json");
    relay.answerAfterwardsBy(first(Integer.MAX_VALUE, COMMIT, unavailable()));
    relay.answerBy(first(Integer.MAX_VALUE, reading, unavailable()));
    assertThatThrownBy(() -> publish(Mode.APPEND, ORDERS))
        .hasMessageContaining("did not say whether the file is in it");
    relay.letThrough();
    assertThat(state()).isEqualTo("v1, 6 rows, record v0");
    clock.forwardMillis(DAYS.toMillis());
    publications.tidy();
    assertThat(state()).isEqualTo("v1, 6 rows, record v1");
    assertThat(objects("\\.parquet")).isEqualTo(2);
    assertThat(objects("\\.unpublished/.*")).isZero();

    relay.answerBy(first(Integer.MAX_VALUE, COMMIT, unavailable()));
    assertThatThrownBy(() -> publish(Mode.APPEND, ORDERS)).hasMessageContaining("did not say");
    relay.letThrough();
    assertThat(objects("\\.parquet")).isEqualTo(3);
    publish(Mode.APPEND, ORDERS);
    clock.forwardMillis(DAYS.toMillis());
    publications.tidy();
    assertThat(state()).isEqualTo("v2, 9 rows, record v2");
    assertThat(objects("\\.parquet")).isEqualTo(3);
  }

  @Test
  void whatAnotherWriterCommitsFirstStays() throws IOException {
    String location = publish(Mode.CREATE, ORDERS).location().getPath().substring(1);
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.writeString(
        other.resolve("00000000000000000001.json"),
        "{\"commitInfo\":{\"timestamp\":0,\"operation\":\"OTHER\"}}\n");
    AtomicInteger times = new AtomicInteger();
    relay.answerBy(
        request -> {
          if (COMMIT.test(request) && times.getAndIncrement() == 0) {
            store.copy(other, bucket, location + "/_delta_log/");
          }
          return Optional.empty();
        });
    assertThat(publish(Mode.APPEND, ORDERS).upload().tableVersion()).isEqualTo(2);
    assertThat(state()).isEqualTo("v2, 6 rows, record v2");
    assertThat(times.get()).isEqualTo(2);
  }

  @Test
  void aStoreThatKnowsNoConditionIsRefusedByName() throws IOException {
    AtomicInteger probes = new AtomicInteger();
    Predicate<S3Request> probe = put("/\\.probe-.*");
    Path overwritten = Files.createDirectories(directory.resolve("other"));
    relay.answerBy(
        request -> {
          if (!probe.test(request) || probes.incrementAndGet() != 2) {
            return Optional.empty();
          }
          String name = request.key().substring(request.key().lastIndexOf('/') + 1);
          write(overwritten.resolve(name), "2");
          store.copy(overwritten, bucket, "pub/");
          // The MD5 of it.
          return Optional.of(
              StubAnswer.empty().withHeader("ETag", "\"c81e728d9d4c2f636f067f89cc14862c\""));
        });
    assertRefused();
    assertThat(probes.get()).isEqualTo(2);
    relay.letThrough();
    relay.answerBy(
        first(
            Integer.MAX_VALUE,
            probe,
            StubAnswer.status(501)
                .withHeader("Content-Type", "application/xml")
                .withBody("<Error><Code>NotImplemented</Code></Error>")));
    assertRefused();
    relay.letThrough();
    publish(Mode.CREATE, ORDERS);
    relay.forget();
    publish(Mode.APPEND, ORDERS);
    assertThat(relay.requests()).noneMatch(request -> request.key().contains(".probe"));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefused() {
    assertThatThrownBy(() -> publish(Mode.CREATE, ORDERS))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("s3a://" + bucket + "/pub")
        .hasMessageContaining("If-None-Match");
    assertThat(objects()).isEmpty();
  }

  @Test
  void aLongFileGoesInPartsAndWhatFailsIsAborted() throws IOException {
    StringBuilder csv = new StringBuilder("a\n");
    Random random = new Random(1);
    for (int i = 0; i < 95_000; i++) {
      csv.append('x');
      for (int j = 0; j < 5; j++) {
        csv.append(Long.toString(random.nextLong(), 36));
      }
      csv.append('\n');
    }
    Predicate<S3Request> part =
        request -> request.method().equals("PUT") && request.query().containsKey("partNumber");
    relay.answerBy(
        first(
            Integer.MAX_VALUE,
            part.and(request -> request.query().get("partNumber").equals("2")),
            unavailable()));
    assertThatThrownBy(() -> publish(Mode.CREATE, csv.toString()))
        .isInstanceOf(StoreException.class);
    Predicate<S3Request> abort =
        request -> request.method().equals("DELETE") && request.query().containsKey("uploadId");
    assertThat(relay.requests()).anyMatch(abort);
    assertThat(objects()).isEmpty();

    relay.answerBy(first(Integer.MAX_VALUE, abort, unavailable()));
    assertThatThrownBy(() -> publish(Mode.CREATE, csv.toString()))
        .isInstanceOf(StoreException.class);
    relay.letThrough();
    relay.forget();
    publications.tidy();
    assertThat(relay.requests()).noneMatch(abort);
    clock.forwardMillis(DAYS.toMillis());
    publications.tidy();
    assertThat(relay.requests()).filteredOn(abort).hasSize(1);
    publications.tidy();
    assertThat(relay.requests()).filteredOn(abort).hasSize(1);
    publish(Mode.CREATE, csv.toString());
    assertThat(state()).isEqualTo("v0, 95000 rows, record v0");
    assertThat(relay.requests()).filteredOn(part).hasSizeGreaterThan(1);
  }
}
