/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import static io.github.deltasharing.storage.StorageFixture.PATH;
import static io.github.deltasharing.storage.StorageFixture.bytes;
import static io.github.deltasharing.storage.StorageFixture.ranges;
import static io.github.deltasharing.storage.StorageFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.storage.IoStats;
import io.github.deltasharing.storage.RangeReader;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.StorageFixture;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.Serialised;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class SignedUrlReaderTest {
  private static final byte[] FILE = bytes(10_000);

  private final StubServer store = StorageFixture.store(FILE);
  private final IoStats stats = new IoStats();

  @AfterEach
  void close() {
    store.close();
  }

  private RangeReader reader(String... options) {
    return StorageFixture.reader(StorageFixture.file(store, FILE.length), settings(options), stats);
  }

  private void answer(StubAnswer... answers) {
    store.on(PATH, answers);
  }

  private static StubAnswer part(int first, int end) {
    return StubAnswer.status(206)
        .withHeader("Content-Range", "bytes " + first + "-" + (end - 1) + "/" + FILE.length)
        .withBody(Arrays.copyOfRange(FILE, first, end));
  }

  /** The failure of reading bytes 100 to 199, which must not tell the URL. */
  private SharingException failure(String... options) {
    SharingException e =
        catchThrowableOfType(SharingException.class, () -> reader(options).read(100, 200));
    StringWriter stack = new StringWriter();
    e.printStackTrace(new PrintWriter(stack));
    assertThat(stack.toString()).doesNotContain("canary").doesNotContain("sig=");
    assertThat(e)
        .hasMessageContaining(
            "Reading share.schema.table failed: file id-1 on " + store.authority());
    return e;
  }

  @Test
  void aRangeIsOneGetOfExactlyTheseBytes() {
    assertThat(reader().read(100, 200)).isEqualTo(Arrays.copyOfRange(FILE, 100, 200));
    assertThat(store.requests()).hasSize(1);
    StubRequest request = store.requests().get(0);
    assertThat(request).hasToString("GET " + PATH + "?sig=canary%2Fx");
    assertThat(request.header("Range")).isEqualTo("bytes=100-199");
    assertThat(request.header("Authorization")).isNull();
    assertThat(request.header("User-Agent")).startsWith("Delta-Sharing-Spark-Connector/");
    assertThat(List.of(stats.requests(), stats.bytesFetched(), stats.retries()))
        .containsExactly(1L, 100L, 0L);
  }

  @Test
  void theFirstAndTheLastByteAreRead() {
    assertThat(reader().read(0, 1)).containsExactly(FILE[0]);
    assertThat(reader().read(9_999, 10_000)).containsExactly(FILE[9_999]);
    assertThat(ranges(store)).containsExactly("bytes=0-0", "bytes=9999-9999");
  }

  @Test
  void requestsOneAfterAnotherShareAConnection() {
    RangeReader reader = reader();
    for (int i = 0; i < 5; i++) {
      reader.read(i * 100, i * 100 + 100);
    }
    reader().read(0, 10);
    assertThat(store.requests()).hasSize(6);
    assertThat(store.requests().stream().map(StubRequest::remotePort).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "100, 200", "9990, 10000"})
  void aStoreThatIgnoresRangesIsReadRight(int start, int end) {
    answer(StubAnswer.empty().withBody(FILE));
    assertThat(reader().read(start, end)).isEqualTo(Arrays.copyOfRange(FILE, start, end));
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aWholeFileOfAnotherLengthIsRefused() {
    answer(StubAnswer.empty().withBody(bytes(9_999)));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("it is 9999 bytes long where the server promised 10000");
    assertThat(store.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-99/10000",
        "bytes 101-200/10000",
        "bytes 100-198/10000",
        "bytes 100-199",
        "items 100-199/10000",
        ""
      })
  void otherBytesThanAskedForAreRefused(String contentRange) {
    answer(part(100, 200).withHeader("Content-Range", contentRange));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("the store sent other bytes than the 100 to 199 that were requested");
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void anUnsaidTotalLengthIsAccepted() {
    answer(part(100, 200).withHeader("Content-Range", "bytes 100-199/*"));
    assertThat(reader().read(100, 200)).isEqualTo(Arrays.copyOfRange(FILE, 100, 200));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 100-199/20000", "bytes 100-149/150"})
  void anotherTotalLengthIsRefusedAsThat(String contentRange) {
    answer(part(100, 200).withHeader("Content-Range", contentRange));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("bytes long where the server promised 10000")
        .hasMessageContaining("It was replaced or cut");
  }

  @Test
  void aRangePastTheEndSaysThatTheFileIsShorter() {
    answer(StubAnswer.status(416));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("it is shorter than the server promised")
        .hasMessageContaining("no bytes 100 to 199 (HTTP 416)");
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aBodyCutShortIsResumedWhereItBroke() {
    answer(
        part(100, 5_000).cutAfter(1_000), part(1_100, 5_000).cutAfter(2_000), part(3_100, 5_000));
    assertThat(reader().read(100, 5_000)).isEqualTo(Arrays.copyOfRange(FILE, 100, 5_000));
    assertThat(ranges(store))
        .containsExactly("bytes=100-4999", "bytes=1100-4999", "bytes=3100-4999");
    assertThat(List.of(stats.requests(), stats.bytesFetched(), stats.retries()))
        .containsExactly(3L, 4_900L, 2L);
  }

  @Test
  void aWholeFileCutShortIsResumedToo() {
    answer(StubAnswer.empty().withBody(FILE).cutAfter(1_000), StubAnswer.empty().withBody(FILE));
    assertThat(reader().read(500, 2_000)).isEqualTo(Arrays.copyOfRange(FILE, 500, 2_000));
    assertThat(ranges(store)).containsExactly("bytes=500-1999", "bytes=1000-1999");
  }

  @Test
  void aBodyThatNeverComesIsGivenUp() {
    answer(part(100, 200).cutAfter(0));
    assertThat(failure("numRetries", "2"))
        .isInstanceOf(TransientSharingException.class)
        .hasMessageContaining("Run the query again");
    assertThat(ranges(store)).containsOnly("bytes=100-199").hasSize(3);
  }

  @Test
  void aFileThatChangesBetweenRequestsIsRefused() {
    answer(part(0, 10).withHeader("ETag", "\"1\""), part(10, 20).withHeader("ETag", "\"2\""));
    RangeReader reader = reader();
    reader.read(0, 10);
    assertThatThrownBy(() -> reader.read(10, 20))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("it changed while it was read (another ETag)");
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void aFileThatChangesBeforeABrokenBodyIsResumedIsRefused() {
    answer(
        part(0, 5_000).withHeader("ETag", "\"1\"").cutAfter(100),
        part(100, 5_000).withHeader("ETag", "\"2\""));
    assertThatThrownBy(() -> reader().read(0, 5_000)).hasMessageContaining("another ETag");
  }

  @Test
  void theSameETagOrNoneIsFine() {
    answer(
        part(0, 10).withHeader("ETag", "\"1\""),
        part(10, 20),
        part(20, 30).withHeader("ETag", "\"1\""));
    RangeReader reader = reader();
    for (int i = 0; i < 3; i++) {
      assertThat(reader.read(10 * i, 10 * i + 10))
          .isEqualTo(Arrays.copyOfRange(FILE, 10 * i, 10 * i + 10));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void aRefusedUrlFailsAtOnceAndSaysWhatToDo(int status) {
    answer(StubAnswer.status(status).withBody("<Error>canary</Error>"));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("the store answered HTTP " + status)
        .hasMessageContaining("The signed URL expired or the file is gone");
    // Stores refuse valid URLs now and then.
    assertThat(store.requests()).hasSize(status == 403 ? 2 : 1);
  }

  @Test
  void aValidUrlThatIsRefusedOnceIsUsedAgainAfterAPause() {
    answer(StubAnswer.status(403), part(100, 200));
    assertThat(reader().read(100, 200)).isEqualTo(Arrays.copyOfRange(FILE, 100, 200));
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void aProxyThatWantsASignInIsNotQuoted() {
    answer(StubAnswer.status(407).withBody("you said canary"));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("the proxy answered HTTP 407. The proxy wants a user and a password")
        .hasMessageContaining("'proxyUser' and 'proxyPassword'");
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void theStoreIsToldWhoAsks() {
    answer(part(100, 200));
    reader("callerOrg", "Åcme Ltd").read(100, 200);
    assertThat(store.requests().get(0).header("User-Agent"))
        .matches("Delta-Sharing-Spark-Connector/\\S+ Spark/3\\.5\\.\\d+ Java/\\d+ _cme_Ltd");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 302, 418})
  void anyOtherStatusFailsAtOnce(int status) {
    answer(StubAnswer.status(status));
    assertThat(failure())
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("the store answered HTTP " + status);
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aBusyStoreIsAskedAgain() {
    answer(
        StubAnswer.status(503).withHeader("Retry-After", "0"),
        StubAnswer.status(429),
        StubAnswer.status(500),
        part(100, 200));
    assertThat(reader().read(100, 200)).isEqualTo(Arrays.copyOfRange(FILE, 100, 200));
    assertThat(List.of(stats.requests(), stats.bytesFetched(), stats.retries()))
        .containsExactly(4L, 100L, 3L);
  }

  @Test
  void aRetryAfterBeyondTheBudgetIsNotWaitedFor() {
    answer(StubAnswer.status(503).withHeader("Retry-After", "3600"));
    TransientSharingException e = (TransientSharingException) failure();
    assertThat(e.retryAfterMillis()).hasValue(3_600_000);
    assertThat(e.status()).isEqualTo(503);
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aRetryAfterMayBeADate() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusHours(2));
    answer(StubAnswer.status(503).withHeader("Retry-After", date));
    TransientSharingException e = (TransientSharingException) failure();
    assertThat(e.retryAfterMillis().getAsLong()).isBetween(7_000_000L, 7_200_000L);
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void aConnectionThatIsDroppedIsOpenedAgain() {
    answer(StubAnswer.hangUp(), part(100, 200));
    assertThat(reader().read(100, 200)).isEqualTo(Arrays.copyOfRange(FILE, 100, 200));
  }

  @Test
  void anUnreachableStoreIsNamed() throws Exception {
    try (ClosedPort port = new ClosedPort()) {
      SharedFile gone =
          new SharedFile(
              "s.s.t",
              "id-1",
              new SignedUrl("http://127.0.0.1:" + port.number() + "/canary?sig=x"),
              9);
      assertThatThrownBy(
              () -> StorageFixture.reader(gone, settings("numRetries", "1"), stats).read(0, 9))
          .isInstanceOf(TransientSharingException.class)
          .hasMessageContaining(
              "file id-1 on 127.0.0.1:" + port.number() + ": the connection was refused")
          .hasMessageContaining(
              "Check that the executors reach that host: the network, and the options 'proxyHost' and 'timeout'.")
          .hasMessageNotContaining("canary");
      assertThat(stats.retries()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary no url", "canary", "file:///canary", "http:///canary", ""})
  void aUrlThatIsNoneIsNotQuoted(String url) {
    SharedFile file = new SharedFile("s.s.t", "id-1", new SignedUrl(url), 9);
    assertThatThrownBy(() -> StorageFixture.reader(file, settings(), stats).read(0, 9))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("its URL is not followed: it")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "403 ~ text/xml ~ <?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Request has expired</Message><X>canary</X></Error> ~ HTTP 403 (AccessDenied: Request has expired)",
        "412 ~ application/xml ~ <Error><Code>X</Code><Message>see https://h/f?sig=canary and sig=canary</Message></Error> ~ HTTP 412 (X: see https://h/f?*** and sig=***)",
        "451 ~ text/plain ~ not  for you ~ HTTP 451 (not for you)",
        "403 ~ application/json ~ {\"token\":\"canary\"} ~ HTTP 403 ({\"token\":\"***\"})",
        "451 ~ text/html ~ <html>canary</html> ~ HTTP 451.",
        "451 ~ image/png ~ canary ~ HTTP 451.",
      })
  void whatTheStoreSaysIsToldWithoutSecrets(int status, String type, String body, String expected) {
    answer(StubAnswer.status(status).withHeader("Content-Type", type).withBody(body));
    assertThatThrownBy(() -> reader().read(100, 200))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("the store answered " + expected)
        .hasMessageNotContaining("canary");
  }

  @Test
  void whatTheStoreSaysIsCut() {
    answer(
        StubAnswer.status(418)
            .withHeader("Content-Type", "text/plain")
            .withBody("x y".repeat(5_000)));
    assertThatThrownBy(() -> reader().read(100, 200))
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(700));
  }

  @Test
  void anInterruptEndsTheWaitForTheStoreWithoutRetries() throws Exception {
    answer(StubAnswer.hang());
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reader().read(100, 200);
                failure.complete(null);
              } catch (RuntimeException e) {
                failure.complete(e);
              }
            });
    thread.start();
    store.awaitRequests(1);
    thread.interrupt();
    assertThat(failure.get(20, TimeUnit.SECONDS))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessage("Reading file id-1 of share.schema.table was interrupted.");
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  void failuresReachTheDriverWhole() {
    answer(StubAnswer.status(503));
    TransientSharingException sent = (TransientSharingException) failure("numRetries", "0");
    TransientSharingException received = Serialised.byJava(sent);
    assertThat(received).hasMessage(sent.getMessage());
    assertThat(received.status()).isEqualTo(503);
    assertThat(received.retryAfterMillis()).isEmpty();
  }
}
