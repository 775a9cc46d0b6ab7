/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.StoredFile;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table in a store that breaks connections and replaces objects. */
@Tag("unit")
class S3StorageTest {
  private static final byte[] BYTES = new byte[10_000];
  private static final String ETAG = "\"11111111111111111111111111111111-2\"";

  static {
    new Random(1).nextBytes(BYTES);
  }

  private final StubServer stub = new StubServer();
  private final Stores stores =
      new Stores(
          List.of(
              new StorageConfig(
                  "s3a://",
                  S3Store.hadoop(
                      URI.create("http://" + stub.authority()), new S3Store.Key("id", "secret")),
                  Optional.empty())),
          null,
          Clock.systemUTC());
  private final SigningStorage storage = of("s3a://bucket/dir/t");

  private SigningStorage of(String location) {
    return stores.of(new SharedTable("a", "b", "c", URI.create(location), "", false, 0));
  }

  @AfterEach
  void close() {
    stores.close();
    stub.close();
  }

  private static StubAnswer object(StubRequest request) {
    StubAnswer answer =
        request.method().equals("HEAD")
            ? StubAnswer.empty().withHeader("Content-Length", "" + BYTES.length)
            : StubAnswer.file(request, BYTES);
    return answer
        .withHeader("ETag", ETAG)
        .withHeader("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT");
  }

  @Test
  void aBrokenConnectionIsReplacedWhereItBroke() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    stub.on(
        "/bucket/dir/t/f",
        request ->
            requests.getAndIncrement() < 2 ? object(request).cutAfter(3000) : object(request));
    try (InputStream in = storage.open("f")) {
      assertThat(in.readAllBytes()).isEqualTo(BYTES);
    }
    assertThat(stub.requests())
        .extracting(r -> r.header("Range"))
        .hasSize(3)
        .startsWith((String) null);
    assertThat(stub.requests().get(2).header("Range")).matches("bytes=[1-9]\\d*-9999");
    assertThat(stub.requests().get(2).header("If-Match")).isEqualTo(ETAG.replace("\"", ""));
  }

  @Test
  void aConnectionThatAlwaysBreaksIsGivenUp() throws Exception {
    stub.on("/bucket/dir/t/f", request -> object(request).cutAfter(0));
    try (InputStream in = storage.open("f")) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.isTemporary()).isTrue())
          .hasMessage(
              "Cannot read a.b.c: the store that holds the table cannot be reached. Try again"
                  + " later");
    }
  }

  @Test
  void anObjectThatWasReplacedIsNotMixedWithTheNewOne() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    stub.on(
        "/bucket/dir/t/f",
        request ->
            requests.getAndIncrement() == 0
                ? object(request).cutAfter(3000)
                : StubAnswer.status(412));
    try (InputStream in = storage.open("f")) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(StoreException.class);
    }
    assertThat(stub.requests()).hasSize(2);
  }

  @Test
  void partsAreReadByOneRequestEach() throws Exception {
    AtomicInteger gets = new AtomicInteger();
    stub.on(
        "/bucket/dir/t/f",
        request ->
            request.method().equals("GET") && gets.getAndIncrement() == 0
                ? object(request).cutAfter(10)
                : object(request));
    try (PositionedInput in = storage.openAt("f")) {
      assertThat(in.length()).isEqualTo(BYTES.length);
      byte[] part = new byte[102];
      in.readFully(5000, part, 1, 100);
      assertThat(part).startsWith(0).endsWith(0);
      assertThat(java.util.Arrays.copyOfRange(part, 1, 101))
          .isEqualTo(java.util.Arrays.copyOfRange(BYTES, 5000, 5100));
      assertThatThrownBy(() -> in.readFully(9_990, part, 0, 11)).isInstanceOf(EOFException.class);
    }
    assertThat(stub.requests())
        .extracting(r -> r.method() + " " + r.header("Range"))
        .hasSize(3)
        .startsWith("HEAD null", "GET bytes=5000-5099")
        .last()
        .asString()
        .matches("GET bytes=50\\d\\d-5099");
  }

  @Test
  void whatIsNotThereIsNoFailure() {
    stub.onAnything(request -> StubAnswer.status(404));
    assertThat(storage.find("f")).isEmpty();
    assertThatThrownBy(() -> storage.open("f")).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> storage.openAt("f")).isInstanceOf(FileNotFoundException.class);
  }

  /** Hadoop's exceptions for it are none of those that the SDK's client throws. */
  @Test
  void aMissingCredentialIsTheProvidersBusiness() {
    Map<String, String> settings =
        Map.of(
            "fs.s3a.endpoint",
            "http://" + stub.authority(),
            "fs.s3a.endpoint.region",
            "us-east-1",
            "fs.s3a.aws.credentials.provider",
            "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    StorageConfig entry = new StorageConfig("s3a://", settings, Optional.empty());
    try (Stores without = new Stores(List.of(entry), null, Clock.systemUTC())) {
      SigningStorage keyless =
          without.of(new SharedTable("a", "b", "c", URI.create("s3a://bucket/t"), "", false, 0));
      for (ThrowingCallable reading :
          List.<ThrowingCallable>of(
              () -> keyless.find("f"),
              () -> keyless.list("", ""),
              () -> keyless.open("f"),
              () -> keyless.openAt("f"))) {
        assertThatThrownBy(reading)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("the server has no credential for the table's store");
      }
    }
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void filesAreKnownByTheirState() {
    stub.onAnything(S3StorageTest::object);
    assertThat(storage.find("f"))
        .contains(
            new StoredFile(
                BYTES.length, Instant.parse("2024-01-01T00:00:00Z"), ETAG.replace("\"", "")));
  }

  @Test
  void listsFromANameOnWithoutWhatIsDeeperOrTheDirectoryItself() throws Exception {
    stub.onAnything(
        request ->
            StubAnswer.status(200)
                .withHeader("Content-Type", "application/xml")
                .withBody(
                    """
                    <ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>
                                        <Contents><Key>dir/t/log/</Key><Size>0</Size>
                      <LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>
                    <Contents><Key>dir/t/log/a-</Key><Size>1</Size>
                      <LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>
                    <Contents><Key>dir/t/log/a.+b &amp;%20</Key><Size>2</Size>
                      <LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>
                    <CommonPrefixes><Prefix>dir/t/log/b/</Prefix></CommonPrefixes>
                    </ListBucketResult>"""));
    assertThat(storage.list("log", "a."))
        .containsExactly(new ListedFile("a.+b &%20", 2, Instant.parse("2024-01-01T00:00:00Z")));
    assertThat(stub.requests().get(0).target())
        .contains("prefix=dir%2Ft%2Flog%2F", "start-after=dir%2Ft%2Flog%2Fa-", "delimiter=%2F");
  }

  @Test
  void knowsItsOwnPathsByAllNamesOfTheScheme() throws Exception {
    for (String scheme : List.of("s3", "s3n", "s3a")) {
      assertThat(storage.relativize(scheme + "://bucket/dir/t/a b/f")).contains("a b/f");
    }
    for (String elsewhere :
        List.of(
            "s3a://bucket/dir/tt/f",
            "s3a://bucket/dir/t",
            "s3a://other/dir/t/f",
            "gs://bucket/dir/t/f",
            "file:/dir/t/f")) {
      assertThat(storage.relativize(elsewhere)).as(elsewhere).isEmpty();
    }
    assertThat(of("s3a://bucket").relativize("s3://bucket/f")).contains("f");
  }
}
