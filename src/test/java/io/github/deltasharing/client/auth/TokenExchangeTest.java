/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.LogCapture;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How access tokens are got, kept and replaced, from an identity provider of the test's own. */
@Tag("unit")
class TokenExchangeTest {
  private static final String SECRET = "canary+of/the=client";
  private static final URI ENDPOINT = URI.create("https://sharing.example/api");

  private final StubServer idp = new StubServer();
  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-31T00:00:00Z"));
  private final ExpiringCache<AccessToken> cache = new ExpiringCache<>(256, clock);
  private final AtomicReference<String> secret = new AtomicReference<>(SECRET);
  private final AtomicInteger given = new AtomicInteger();

  @AfterEach
  void close() {
    idp.close();
  }

  private AuthSession session(String... options) {
    return sessionAt(idp.url("/token"), options);
  }

  private AuthSession sessionAt(String tokenEndpoint, String... options) {
    Map<String, String> all = new HashMap<>(Map.of("retrySleepInterval", "1ms"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return AuthSession.open(
        () ->
            new Login(
                "p.share",
                ENDPOINT,
                new ClientCredentials(
                    tokenEndpoint, "client 1", secret.get(), null, "sharing read", null, null)),
        Map::of,
        new AccessTokens(new SharingReadConf(all, name -> null), cache, clock));
  }

  private static String sent(AuthSession session) {
    Map<String, String> headers = new LinkedHashMap<>();
    session.authenticate(session.login(), headers::put);
    return headers.get("Authorization");
  }

  private StubAnswer token(String expiresIn) {
    return StubAnswer.json(
        "{\"access_token\":\"canary-%d\",\"token_type\":\"bearer\"%s}"
            .formatted(
                given.incrementAndGet(), expiresIn == null ? "" : ",\"expires_in\":" + expiresIn));
  }

  private void gives(String expiresIn) {
    idp.on("/token", request -> token(expiresIn));
  }

  @Test
  void theClientSignsInAndTheFormIsEncoded() {
    gives("3600");
    assertThat(sent(session())).isEqualTo("Bearer canary-1");
    StubRequest request = idp.requests().get(0);
    assertThat(request).hasToString("POST /token");
    assertThat(request.body()).isEqualTo("grant_type=client_credentials&scope=sharing+read");
    assertThat(request.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    String basic = request.header("Authorization").replace("Basic ", "");
    assertThat(new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8))
        .isEqualTo("client+1:canary%2Bof%2Fthe%3Dclient");
  }

  /** There are identity providers that take the header as RFC 7617 has it. */
  @Test
  void anIdentityProviderThatDoesNotDecodeGetsTheSecretAsItIs() {
    String plain =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(("client 1:" + SECRET).getBytes(StandardCharsets.UTF_8));
    idp.on(
        "/token",
        request ->
            request.header("Authorization").equals(plain)
                ? token("60")
                : StubAnswer.json(401, "{\"error\":\"invalid_client\"}"));
    assertThat(sent(session())).isEqualTo("Bearer canary-1");
    assertThat(idp.requests()).hasSize(2);
  }

  @Test
  void allSessionsShareOneToken() {
    gives("3600");
    assertThat(List.of(sent(session()), sent(session()), sent(session())))
        .containsOnly("Bearer canary-1");
    assertThat(idp.requests()).hasSize(1);
    secret.set("another-canary");
    assertThat(sent(session())).as("another credential").isEqualTo("Bearer canary-2");
  }

  /** The threshold of ten minutes is a fifth of a token's life at most. */
  @ParameterizedTest
  @CsvSource({"3600, 2999, 3000", "600, 479, 480", "10, 7, 8", "'\"300\"', 239, 240"})
  void aTokenIsReplacedAheadOfItsExpiry(String life, int before, int due) {
    gives(life);
    AuthSession session = session();
    assertThat(sent(session)).isEqualTo("Bearer canary-1");
    clock.move(Duration.ofSeconds(before));
    assertThat(sent(session)).isEqualTo("Bearer canary-1");
    clock.move(Duration.ofSeconds(due - before));
    assertThat(sent(session)).isEqualTo("Bearer canary-2");
  }

  @Test
  void theThresholdIsAnOption() {
    gives("3600");
    AuthSession session = session("oauth.tokenRenewalThresholdInSeconds", "60");
    sent(session);
    clock.move(Duration.ofSeconds(3539));
    assertThat(sent(session)).isEqualTo("Bearer canary-1");
    clock.move(Duration.ofSeconds(1));
    assertThat(sent(session)).isEqualTo("Bearer canary-2");
  }

  /** Missing, none at all, past, no number: ten minutes. Endless: a day. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "missing",
      value = {
        "missing, 600",
        "null, 600",
        "0, 600",
        "-5, 600",
        "'\"soon\"', 600",
        "'{}', 600",
        "1e300, 86400",
        "99999999999999999999999, 86400",
        "0.5, 0.5",
        "'\" 90 \"', 90"
      })
  void whateverIsSaidOfItsLifeItIsKeptForABoundedTime(String expiresIn, double seconds) {
    gives(expiresIn);
    AuthSession session = session();
    sent(session);
    long millis = (long) (seconds * 1000);
    clock.move(Duration.ofMillis(millis * 79 / 100));
    assertThat(sent(session)).isEqualTo("Bearer canary-1");
    clock.move(Duration.ofMillis(millis * 21 / 100 + 1));
    assertThat(sent(session)).isEqualTo("Bearer canary-2");
  }

  @Test
  void aTokenThatSaysItsOwnLifeIsBelieved() {
    String claims = "{\"iat\":1000000000,\"exp\":1000000100}";
    String jwt =
        "e30."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2ln";
    AccessToken token =
        TokenReader.read("p.share", jwt, MissingNode.getInstance(), clock.instant());
    assertThat(Duration.between(token.obtained(), token.expires())).hasSeconds(100);
    assertThat(token.toString()).doesNotContain(jwt);
  }

  @Test
  void oneThreadReplacesATokenWhileOthersGoOnWithIt() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    idp.on(
        "/token",
        request -> {
          if (given.get() == 1) {
            arrived.countDown();
            await(answer);
          }
          return token("100");
        });
    AuthSession session = session();
    sent(session);
    clock.move(Duration.ofSeconds(85));
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<String> first = threads.submit(() -> sent(session));
      await(arrived);
      for (int i = 0; i < 20; i++) {
        assertThat(sent(session())).isEqualTo("Bearer canary-1");
      }
      answer.countDown();
      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer canary-2");
    } finally {
      threads.shutdownNow();
    }
    assertThat(idp.requests()).hasSize(2);
  }

  @Test
  void manyThreadsWithoutATokenMakeOneRequest() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    idp.on(
        "/token",
        request -> {
          await(answer);
          return token("100");
        });
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(threads.submit(() -> sent(session())));
      }
      idp.awaitRequests(1);
      Thread.sleep(100);
      answer.countDown();
      for (Future<String> one : all) {
        assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer canary-1");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(idp.requests()).hasSize(1);
  }

  /** A cancelled query must not take down another one that waits for the same token. */
  @Test
  void whoWaitsForAnInterruptedThreadGetsATokenByItself() throws Exception {
    idp.on("/token", StubAnswer.hang(), token("100"));
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<String> cancelled = threads.submit(() -> sent(session()));
      idp.awaitRequests(1);
      Future<String> waiting = waiting(threads);
      cancelled.cancel(true);
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer canary-1");
    } finally {
      threads.shutdownNow();
    }
    assertThat(idp.requests()).hasSize(2);
  }

  /**
   * Ahead of its expiry a token is tried for once; when it expired meanwhile, that is too little.
   */
  @Test
  void aTokenThatExpiresWhileItIsReplacedIsTriedForAgain() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    idp.on(
        "/token",
        request -> {
          if (requests.incrementAndGet() != 2) {
            return token("100");
          }
          await(answer);
          return StubAnswer.status(503);
        });
    sent(session());
    clock.move(Duration.ofSeconds(85));
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<String> first = threads.submit(() -> sent(session()));
      idp.awaitRequests(2);
      clock.move(Duration.ofSeconds(20));
      Future<String> waiting = waiting(threads);
      answer.countDown();
      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer canary-2");
      assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer canary-2");
    } finally {
      threads.shutdownNow();
    }
    assertThat(idp.requests()).hasSize(3);
  }

  /** A thread that waits for another's exchange. */
  private Future<String> waiting(ExecutorService threads) throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Future<String> sent =
        threads.submit(
            () -> {
              thread.set(Thread.currentThread());
              return sent(session());
            });
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.get() == null || thread.get().getState() != Thread.State.WAITING) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(5);
    }
    return sent;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTokenThatCannotBeReplacedYetIsUsedToItsEnd() {
    idp.on("/token", token("100"), StubAnswer.status(503), StubAnswer.status(503), token("100"));
    AuthSession session = session();
    sent(session);
    clock.move(Duration.ofSeconds(85));
    try (LogCapture log = LogCapture.of(ExpiringCache.class, Level.WARN)) {
      for (int i = 0; i < 5; i++) {
        assertThat(sent(session)).isEqualTo("Bearer canary-1");
      }
      assertThat(log.lines()).singleElement().asString().contains("p.share").contains("HTTP 503");
    }
    assertThat(idp.requests()).as("one try, then a pause").hasSize(2);
    clock.move(Duration.ofSeconds(20));
    assertThat(sent(session)).isEqualTo("Bearer canary-2");
  }

  @Test
  void aFlakyTokenEndpointIsTriedAgain() {
    idp.on(
        "/token",
        StubAnswer.status(503),
        StubAnswer.hangUp(),
        StubAnswer.json("{\"access_tok"),
        StubAnswer.status(429).withHeader("Retry-After", "0"),
        token("100"));
    assertThat(sent(session())).isEqualTo("Bearer canary-1");
    assertThat(idp.requests()).hasSize(5);
  }

  @Test
  void retriesAreLimitedAndNotRetriedByTheCaller() {
    idp.on("/token", StubAnswer.html(503, "<p>" + SECRET + "</p>"));
    AuthSession session = session("oauth.tokenExchangeMaxRetries", "2");
    assertThatThrownBy(session::login)
        .isInstanceOf(SharingException.class)
        .isNotInstanceOf(TransientSharingException.class)
        .hasMessageContaining("Signing in with the profile p.share failed")
        .hasMessageContaining("the token endpoint at " + idp.authority() + " answered HTTP 503")
        .hasMessageContaining("oauth.tokenExchangeMaxRetries")
        .hasMessageNotContaining("canary");
    assertThat(idp.requests()).hasSize(3);
  }

  @Test
  void aRefusalSaysWhatToCheckAndNoSecret() {
    String basic = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
    idp.on(
        "/token",
        StubAnswer.json(
            401,
            "{\"error\":\"invalid_client\",\"error_description\":\"no client "
                + SECRET
                + " "
                + basic
                + "\"}"));
    assertThatThrownBy(session()::login)
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("HTTP 401 invalid_client (no client *** ")
        .hasMessageContaining("Check 'clientId' and 'clientSecret' of the profile")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining(basic.substring(4, 20));
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_scope, 'scope'",
    "400, unauthorized_client, 'type'",
    "400, invalid_request, token endpoint's URL",
    "404, '', token endpoint's URL",
    "307, '', Redirects are not followed",
    "407, '', 'proxyUser'"
  })
  void eachRefusalHasItsAdvice(int status, String error, String advice) {
    idp.on("/token", StubAnswer.json(status, "{\"error\":\"" + error + "\"}"));
    assertThatThrownBy(session()::login)
        .hasMessageContaining("HTTP " + status)
        .hasMessageContaining(advice);
    assertThat(idp.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | it has no 'access_token'",
        "{\"access_token\":5} | it has no 'access_token'",
        "{\"access_token\":\"x\",\"token_type\":\"mac\"} | its 'token_type' is 'mac'",
        "<html>Sign in</html> | it is an HTML page",
        "[] | it is no JSON object"
      })
  void whatIsNoTokenIsNamed(String body, String reason) {
    idp.on("/token", StubAnswer.json(body));
    assertThatThrownBy(session("oauth.tokenExchangeMaxRetries", "1")::login)
        .isInstanceOf(SharingException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("'tokenEndpoint'");
  }

  @Test
  void aHugeAnswerIsNotRead() {
    idp.on("/token", StubAnswer.json("{\"x\":\"" + "y".repeat(3 << 20) + "\"}"));
    assertThatThrownBy(session()::login).hasMessageContaining("longer than 1048576 bytes");
    assertThat(idp.requests()).hasSize(1);
  }

  @Test
  void aSlowAnswerIsNotAwaited() {
    idp.on("/token", StubAnswer.hang());
    long start = System.nanoTime();
    AuthSession session = session("timeout", "300ms", "oauth.tokenExchangeMaxRetries", "1");
    assertThatThrownBy(session::login)
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("cannot be reached");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void nobodyThere() throws Exception {
    try (ClosedPort port = new ClosedPort()) {
      AuthSession session =
          sessionAt("http://127.0.0.1:" + port.number(), "oauth.tokenExchangeMaxRetries", "1");
      assertThatThrownBy(session::login)
          .hasMessageContaining("cannot be reached: the connection was refused");
    }
  }

  @Test
  void aTokenThatTheServerRefusesIsReplacedOnce() {
    gives("3600");
    AuthSession session = session();
    AuthSession other = session();
    Login refused = session.login();
    Login too = other.login();
    assertThat(session.refresh(refused)).isTrue();
    assertThat(other.refresh(too)).as("the same token, refused elsewhere").isTrue();
    assertThat(sent(session)).isEqualTo("Bearer canary-2");
    assertThat(sent(other)).isEqualTo("Bearer canary-2");
    assertThat(idp.requests()).hasSize(2);
  }

  @Test
  void anIdentityProviderThatGivesTheSameTokenAgainGivesNoOther() {
    idp.on("/token", StubAnswer.json("{\"access_token\":\"canary\"}"));
    AuthSession session = session();
    assertThat(session.refresh(session.login())).isFalse();
  }

  @Test
  void aRotatedSecretIsReadWhenTheOldOneIsRefused() {
    String old =
        "Basic "
            + Base64.getEncoder().encodeToString("client+1:old".getBytes(StandardCharsets.UTF_8));
    idp.on(
        "/token",
        request ->
            request.header("Authorization").equals(old)
                ? StubAnswer.json(400, "{\"error\":\"invalid_grant\"}")
                : token("10"));
    secret.set("old");
    AuthSession session = session();
    secret.set("new");
    assertThat(sent(session)).isEqualTo("Bearer canary-1");
    assertThat(session.secrets(session.last())).containsExactly("new", "canary-1");
  }

  @Test
  void theRecipientStaysWhileTokensAndSecretsChange() {
    gives("10");
    AuthSession session = session();
    String identity = session.login().identity();
    clock.move(Duration.ofMinutes(1));
    assertThat(session.login().identity()).isEqualTo(identity);
    secret.set("rotated");
    assertThat(session().login().identity()).isEqualTo(identity);
    Login other =
        new Login(
            "p.share",
            ENDPOINT,
            new ClientCredentials(
                idp.url("/token"), "client 2", SECRET, null, "sharing read", null, null));
    assertThat(other.identity()).isNotEqualTo(identity);
  }

  @Test
  void nothingPrintsASecret() {
    gives("10");
    AuthSession session = session();
    Login login = session.login();
    assertThat(login + " " + login.credential() + " " + login.token()).doesNotContain("canary");
    assertThat(session.secrets(login)).containsExactly(SECRET, "canary-1");
  }

  /** An administrator's word is the last. */
  @Test
  void noSecretIsSentToAnotherMachineWithoutTls() {
    AuthSession session = sessionAt("http://idp.invalid/token");
    assertThatThrownBy(session::login)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its 'tokenEndpoint' on idp.invalid is http without TLS")
        .hasMessageContaining("'allowPlainHttp'");
    SharingReadConf conf =
        new SharingReadConf(
            Map.of("allowPlainHttp", "true"),
            Map.of("spark.delta.sharing.forbidPlainHttp", "true")::get);
    assertThat(conf.http().allowsPlainHttp()).isFalse();
    assertThat(
            new SharingReadConf(Map.of("allowPlainHttp", "true"), name -> null)
                .http()
                .allowsPlainHttp())
        .isTrue();
  }

  /** The identity provider is reached by the name that only the proxy knows. */
  @ParameterizedTest
  @ValueSource(strings = {"idp.invalid"})
  void theProxyOfTheOptionsIsUsed(String host) {
    idp.onAnything(request -> token("10"));
    String url = "http://" + host + "/token";
    String port = "" + idp.port();
    assertThatThrownBy(() -> sent(sessionAt(url, "proxyHost", "127.0.0.1", "proxyPort", port)))
        .as("a secret without TLS")
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'tokenEndpoint' on idp.invalid is http without TLS")
        .hasMessageContaining("'allowPlainHttp'");
    assertThat(idp.requests()).isEmpty();
    AuthSession session =
        sessionAt(url, "proxyHost", "127.0.0.1", "proxyPort", port, "allowPlainHttp", "true");
    assertThat(sent(session)).isEqualTo("Bearer canary-1");
    assertThat(idp.requests())
        .extracting(StubRequest::toString)
        .containsExactly("POST http://idp.invalid/token");
  }
}
