/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.TOKEN;
import static io.github.deltasharing.client.ClientFixture.client;
import static io.github.deltasharing.client.ClientFixture.conf;
import static io.github.deltasharing.client.ClientFixture.profile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.http.RetryPolicy;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class FailuresOverHttpTest {
  private final StubServer server = new StubServer();

  @AfterEach
  void close() {
    server.close();
  }

  private SharingServerException failure(StubAnswer answer) {
    server.on(TABLE_PATH + "/version", answer);
    SharingServerException e =
        catchThrowableOfType(
            SharingServerException.class, () -> client(server, "numRetries", "1").version(TABLE));
    StringWriter stack = new StringWriter();
    e.printStackTrace(new PrintWriter(stack));
    assertThat(stack.toString()).doesNotContain(TOKEN);
    assertThat(e)
        .hasMessageContaining("Version of share.schema.table failed")
        .hasMessageContaining(server.authority());
    return e;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | INVALID_PARAMETER_VALUE | no option requested it | 1",
        "401 | UNAUTHENTICATED | Check the token in the profile p.share | 1",
        "403 | FORBIDDEN | grant access to the recipient of the profile p.share | 1",
        "404 | RESOURCE_DOES_NOT_EXIST | Check the names | 1",
        "302 | MOVED | put the final URL into 'endpoint' | 1",
        "429 | BUSY | raise the option 'numRetries' | 2",
        "500 | INTERNAL_ERROR | give the provider the request id | 2",
        "503 | UNAVAILABLE | give the provider the request id | 2"
      })
  void anErrorStatusSaysWhatTheServerSaidAndWhatToDo(
      int status, String errorCode, String advice, int requests) {
    SharingServerException e =
        failure(
            StubAnswer.error(status, errorCode, "no good: Bearer " + TOKEN + "\\n\\tbye")
                .withHeader("X-Request-Id", "req-1"));
    assertThat(e.status()).isEqualTo(status);
    assertThat(e.errorCode()).isEqualTo(errorCode);
    assertThat(e.requestId()).isEqualTo("req-1");
    assertThat(e)
        .hasMessageContaining(
            "answered HTTP "
                + status
                + " "
                + errorCode
                + " (no good: Bearer *** bye), request id req-1. ")
        .hasMessageContaining(advice);
    assertThat(e instanceof TransientSharingException).isEqualTo(requests > 1);
    assertThat(server.requests()).hasSize(requests);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 500, 503})
  void anHtmlErrorPageIsCalledThatAndNotQuoted(int status) {
    SharingServerException e = failure(StubAnswer.html(status, "<html>secret page</html>"));
    assertThat(e.status()).isEqualTo(status);
    assertThat(e.errorCode()).isEmpty();
    assertThat(e)
        .hasMessageContaining("HTTP " + status + " (an HTML page instead of the protocol's error)")
        .hasMessageNotContaining("secret page");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 429, 500, 503})
  void anEmptyErrorBodyLeavesNoGap(int status) {
    SharingServerException e = failure(StubAnswer.status(status));
    assertThat(e.status()).isEqualTo(status);
    assertThat(e.errorCode() + e.requestId()).isEmpty();
    assertThat(e).hasMessageContaining(server.authority() + " answered HTTP " + status + ". ");
  }

  @Test
  void aStatusWithoutAdviceEndsWithItsSentence() {
    assertThat(failure(StubAnswer.status(418)).getMessage()).endsWith("answered HTTP 418.");
  }

  @Test
  void aTokenEchoedAsCodeOrRequestIdIsWipedToo() {
    SharingServerException e =
        failure(StubAnswer.error(400, TOKEN, "").withHeader("X-Request-Id", TOKEN));
    assertThat(e.errorCode()).isEqualTo("***");
    assertThat(e.requestId()).isEqualTo("***");
  }

  @Test
  void aLongMessageIsCut() {
    assertThat(failure(StubAnswer.error(400, "X", "y".repeat(50_000))).getMessage())
        .hasSizeLessThan(3000);
  }

  @Test
  void gzippedErrorsAreRead() {
    assertThat(failure(StubAnswer.error(400, "BAD", "why").gzipped()))
        .hasMessageContaining("HTTP 400 BAD (why)");
  }

  @Test
  void busyServersAreAskedAgainUntilTheyAnswer() {
    server.on(
        TABLE_PATH + "/version",
        StubAnswer.status(503),
        StubAnswer.status(429),
        StubAnswer.status(500),
        StubAnswer.empty().withHeader("Delta-Table-Version", "5"));
    try (LogCapture log = LogCapture.of(RetryPolicy.class, Level.DEBUG)) {
      assertThat(client(server, "numRetries", "3").version(TABLE)).isEqualTo(5);
      assertThat(log.lines())
          .extracting(line -> line.replaceFirst(" in \\d+ ms:.*", ""))
          .containsExactly(
              "WARN version of share.schema.table failed, retry 1 of 3",
              "DEBUG version of share.schema.table failed, retry 2 of 3",
              "DEBUG version of share.schema.table failed, retry 3 of 3");
    }
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void retriesEndWithTheirNumber() {
    server.on(TABLE_PATH + "/version", StubAnswer.status(503));
    assertThatThrownBy(() -> client(server, "numRetries", "2").version(TABLE))
        .isInstanceOf(TransientSharingException.class);
    assertThatThrownBy(() -> client(server, "numRetries", "0").version(TABLE))
        .isInstanceOf(TransientSharingException.class);
    assertThat(server.requests()).hasSize(3 + 1);
  }

  /** A wrong endpoint is not waited for; a server that was there is. */
  @Test
  void anOutageIsOutlastedOnceTheServerHasResponded() {
    StubAnswer seven = StubAnswer.empty().withHeader("Delta-Table-Version", "7");
    List<StubAnswer> answers = new ArrayList<>(List.of(seven));
    answers.addAll(Collections.nCopies(6, StubAnswer.status(503)));
    answers.add(seven);
    server.on(TABLE_PATH + "/version", answers.toArray(StubAnswer[]::new));
    SharingClient client = client(server);
    assertThat(client.version(TABLE)).isEqualTo(7);
    assertThat(client.version(TABLE)).isEqualTo(7);
    assertThat(server.requests()).hasSize(1 + 6 + 1);

    server.forget();
    server.on(TABLE_PATH + "/version", StubAnswer.status(503));
    assertThatThrownBy(() -> client(server).version(TABLE))
        .isInstanceOf(TransientSharingException.class);
    assertThat(server.requests()).hasSize(1 + 3);
  }

  @Test
  void aRetryAfterBeyondTheBudgetIsNotWaitedFor() {
    TransientSharingException e =
        (TransientSharingException)
            failure(StubAnswer.status(503).withHeader("Retry-After", "3600"));
    assertThat(e.retryAfterMillis()).hasValue(3_600_000);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aRetryAfterMayBeADate() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusHours(2));
    TransientSharingException e =
        (TransientSharingException) failure(StubAnswer.status(429).withHeader("Retry-After", date));
    assertThat(e.retryAfterMillis().getAsLong()).isBetween(7_000_000L, 7_200_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "99999999999999999999"})
  void aRetryAfterThatIsNoneDoesNotDelay(String value) {
    failure(StubAnswer.status(503).withHeader("Retry-After", value));
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void anUnreachableServerIsTriedAgainAndThenNamed() throws Exception {
    try (ClosedPort port = new ClosedPort()) {
      ProfileSource gone =
          () ->
              Profile.fromJson(
                  "p.share",
                  "{\"shareCredentialsVersion\":1,\"endpoint\":\"http://127.0.0.1:"
                      + port.number()
                      + "\",\"bearerToken\":\""
                      + TOKEN
                      + "\"}");
      try (LogCapture log = LogCapture.of(RetryPolicy.class, Level.DEBUG)) {
        assertThatThrownBy(() -> SharingClient.open(gone, conf("numRetries", "2")).version(TABLE))
            .isInstanceOf(TransientSharingException.class)
            .hasMessageContaining(
                "127.0.0.1:" + port.number() + " cannot be reached: the connection was refused")
            .hasMessageContaining("'proxyHost'");
        assertThat(log.lines()).hasSize(2);
      }
    }
  }

  @Test
  void aServerThatHangsUpIsAskedAgain() {
    server.on(
        TABLE_PATH + "/version",
        StubAnswer.hangUp(),
        StubAnswer.empty().withHeader("Delta-Table-Version", "5"));
    assertThat(client(server).version(TABLE)).isEqualTo(5);
  }

  @Test
  void aServerThatKeepsSilentIsGivenUpAfterTheTimeout() {
    server.on(TABLE_PATH + "/version", StubAnswer.hang());
    assertThatThrownBy(() -> client(server, "timeout", "200ms", "numRetries", "1").version(TABLE))
        .isInstanceOf(TransientSharingException.class)
        .hasMessageContaining("no response within the option 'timeout'");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void anInterruptEndsTheWaitForAnAnswerWithoutRetries() throws Exception {
    server.on(TABLE_PATH + "/version", StubAnswer.hang());
    assertInterrupted(1);
  }

  private void assertInterrupted(int requests) throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                client(server).version(TABLE);
                failure.complete(null);
              } catch (RuntimeException e) {
                failure.complete(e);
              }
              flag.complete(Thread.currentThread().isInterrupted());
            });
    thread.start();
    server.awaitRequests(requests);
    thread.interrupt();
    assertThat(failure.get(20, TimeUnit.SECONDS))
        .isExactlyInstanceOf(SharingException.class)
        .hasMessageContaining("ersion of share.schema.table was interrupted");
    assertThat(flag.get(20, TimeUnit.SECONDS)).as("interrupt flag").isTrue();
    assertThat(server.requests()).hasSize(requests);
  }

  @Test
  void aTokenThatNoHeaderMayHoldIsNotQuoted() {
    ProfileSource broken =
        () -> Profile.fromJson("p.share", ClientFixture.profileJson(server, TOKEN + "\\n" + TOKEN));
    assertThatThrownBy(() -> SharingClient.open(broken, conf()).version(TABLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its 'bearerToken' contains characters that no HTTP header may have")
        .hasMessageNotContaining(TOKEN);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aRefusalIsToldEvenIfTheProfileCannotBeReadAgain() {
    int[] loads = {0};
    ProfileSource dying =
        () -> {
          if (loads[0]++ > 0) {
            throw new IllegalArgumentException("gone");
          }
          return profile(server).load();
        };
    server.on(TABLE_PATH + "/version", StubAnswer.error(401, "UNAUTHENTICATED", "no"));
    try (LogCapture log = LogCapture.of(RestCaller.class, Level.WARN)) {
      assertThatThrownBy(() -> SharingClient.open(dying, conf()).version(TABLE))
          .isExactlyInstanceOf(SharingServerException.class)
          .hasMessageContaining("HTTP 401 UNAUTHENTICATED (no)")
          .hasSuppressedException(new IllegalArgumentException("gone"));
      assertThat(log.lines())
          .containsExactly("WARN The profile p.share gives no other login: gone");
    }
    assertThat(List.of(loads[0], server.requests().size())).containsExactly(2, 1);
  }
}
