/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import static io.github.deltasharing.client.ClientFixture.TABLE;
import static io.github.deltasharing.client.ClientFixture.TABLE_PATH;
import static io.github.deltasharing.client.ClientFixture.conf;
import static io.github.deltasharing.client.ClientFixture.profileJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.deltasharing.client.auth.AccessTokens;
import io.github.deltasharing.client.auth.AuthSession;
import io.github.deltasharing.client.auth.Login;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TokenRotationTest {
  private final StubServer server = new StubServer();
  private final AtomicInteger loads = new AtomicInteger();

  @AfterEach
  void close() {
    server.close();
  }

  @BeforeEach
  void onlyTheNewTokenIsGood() {
    server.on(
        TABLE_PATH + "/version",
        request ->
            "Bearer new-canary".equals(request.header("Authorization"))
                ? StubAnswer.empty().withHeader("Delta-Table-Version", "7")
                : StubAnswer.error(
                    401, "UNAUTHENTICATED", "no: " + request.header("Authorization")));
  }

  /** A profile whose tokens are, from load to load, these; the last one stays. */
  private SharingClient clientWith(String... profiles) {
    return SharingClient.open(
        () ->
            Profile.fromJson(
                "p.share", profiles[Math.min(loads.getAndIncrement(), profiles.length - 1)]),
        conf());
  }

  private String token(String token) {
    return profileJson(server, token);
  }

  private String expiring(String token, String at) {
    return token(token).replace("}", ",\"expirationTime\":\"" + at + "\"}");
  }

  @Test
  void aRefusedTokenIsReplacedByTheProfilesNewOne() {
    SharingClient client = clientWith(token("old-canary"), token("new-canary"));
    assertThat(client.version(TABLE)).isEqualTo(7);
    assertThat(client.version(TABLE)).isEqualTo(7);
    assertThat(server.requests())
        .extracting(r -> r.header("Authorization"))
        .containsExactly("Bearer old-canary", "Bearer new-canary", "Bearer new-canary");
    assertThat(loads).hasValue(2);
  }

  /** A header that a gateway wants may be another one at each request. */
  @Test
  void whatAGatewayWasSentIsMaskedThoughItsHeaderIsAnotherOneByNow() {
    AtomicInteger sent = new AtomicInteger();
    server.onAnything(
        request -> StubAnswer.error(403, "DENIED", "no: " + request.header("X-Gateway")));
    ProfileSource profile =
        new ProfileSource() {
          @Override
          public Profile load() {
            return Profile.fromJson("p.share", token("new-canary"));
          }

          @Override
          public Map<String, String> headers() {
            return Map.of("X-Gateway", "gateway-canary-" + sent.incrementAndGet());
          }
        };
    assertThatThrownBy(() -> SharingClient.open(profile, conf()).listShares())
        .hasMessageContaining("no: ***")
        .hasMessageNotContaining("canary");
    assertThat(server.requests().get(0).header("X-Gateway")).isEqualTo("gateway-canary-1");
    assertThat(sent).hasValue(1);
  }

  @Test
  void anUnchangedProfileIsReadOnceMoreAndThenFails() {
    SharingClient client = clientWith(token("old-canary"));
    assertThatThrownBy(() -> client.version(TABLE))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("HTTP 401 UNAUTHENTICATED (no: Bearer ***)")
        .hasMessageNotContaining("canary");
    assertThat(loads).hasValue(2);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aNewTokenThatIsRefusedTooFails() {
    SharingClient client =
        clientWith(token("old-canary"), token("other-canary"), token("new-canary"));
    assertThatThrownBy(() -> client.version(TABLE))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("HTTP 401")
        .hasMessageNotContaining("canary");
    assertThat(server.requests()).hasSize(2);
    assertThat(loads).hasValue(2);
  }

  @Test
  void aRotatedProfileMayMoveToAnotherServer() {
    try (StubServer other = new StubServer()) {
      other.on(TABLE_PATH + "/version", StubAnswer.empty().withHeader("Delta-Table-Version", "8"));
      SharingClient client = clientWith(token("old-canary"), profileJson(other, "new-canary"));
      assertThat(client.version(TABLE)).isEqualTo(8);
      assertThat(other.requests()).hasSize(1);
    }
  }

  @Test
  void aRotatedProfileMayKeepItsTokenAndMove() {
    try (StubServer other = new StubServer()) {
      other.on(TABLE_PATH + "/version", StubAnswer.empty().withHeader("Delta-Table-Version", "8"));
      SharingClient client = clientWith(token("old-canary"), profileJson(other, "old-canary"));
      assertThat(client.version(TABLE)).isEqualTo(8);
    }
  }

  @Test
  void aRequestTakesEndpointAndTokenOfOneReading() {
    AuthSession session =
        AuthSession.open(
            () -> {
              int load = loads.getAndIncrement();
              String json = token("canary-" + load).replace("" + server.port(), "" + (1000 + load));
              return Profile.fromJson("p.share", json).login();
            },
            Map::of,
            new AccessTokens(conf()));
    Login sent = session.login();
    assertThat(session.refresh(sent)).isTrue();
    assertThat(session.refresh(sent)).as("refreshed by another thread").isTrue();
    assertThat(loads).hasValue(2);
    assertThat(List.of(sent, session.login()))
        .extracting(
            login -> login.credential().secrets().get(0), login -> login.endpoint().getPort())
        .containsExactly(tuple("canary-0", 1000), tuple("canary-1", 1001));
  }

  @Test
  void noTokenEverReachesTheOtherProfilesServer() throws Exception {
    try (StubServer a = new StubServer();
        StubServer b = new StubServer()) {
      // Each request is refused, so that each thread makes all of them rotate.
      a.onAnything(request -> StubAnswer.error(401, "UNAUTHENTICATED", "no"));
      b.onAnything(request -> StubAnswer.error(401, "UNAUTHENTICATED", "no"));
      SharingClient client =
          SharingClient.open(
              () ->
                  loads.getAndIncrement() % 2 == 0
                      ? Profile.fromJson("p.share", profileJson(a, "token-of-a"))
                      : Profile.fromJson("p.share", profileJson(b, "token-of-b")),
              conf());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Thread thread =
            new Thread(
                () -> {
                  for (int call = 0; call < 50; call++) {
                    assertThatThrownBy(() -> client.version(TABLE))
                        .isInstanceOf(SharingServerException.class);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join(60_000);
      }
      assertThat(a.requests()).isNotEmpty();
      assertThat(b.requests()).isNotEmpty();
      assertThat(a.requests())
          .extracting(r -> r.header("Authorization"))
          .containsOnly("Bearer token-of-a");
      assertThat(b.requests())
          .extracting(r -> r.header("Authorization"))
          .containsOnly("Bearer token-of-b");
    }
  }

  @Test
  void anExpiredProfileThatCannotBeReadAgainIsCalledExpired() {
    SharingClient client =
        SharingClient.open(
            () -> {
              if (loads.getAndIncrement() > 0) {
                throw new IllegalArgumentException("gone");
              }
              return Profile.fromJson("p.share", expiring("old-canary", "2020-01-01T00:00:00Z"));
            },
            conf());
    assertThatThrownBy(() -> client.version(TABLE))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("The profile p.share expired at 2020-01-01T00:00:00Z")
        .hasSuppressedException(new IllegalArgumentException("gone"));
  }

  @Test
  void anExpiredProfileIsReadOnceMore() {
    SharingClient client =
        clientWith(expiring("old-canary", "2020-01-01T00:00:00Z"), token("new-canary"));
    assertThat(client.version(TABLE)).isEqualTo(7);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aProfileThatStaysExpiredAsksForNothing() {
    SharingClient client = clientWith(expiring("new-canary", "2020-01-01T00:00:00Z"));
    assertThatThrownBy(() -> client.version(TABLE))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("The profile p.share expired at 2020-01-01T00:00:00Z")
        .hasMessageNotContaining("canary");
    assertThat(server.requests()).isEmpty();
    assertThat(loads).hasValue(2);
  }

  @Test
  void aProfileThatExpiresLaterIsUsed() {
    assertThat(clientWith(expiring("new-canary", "2999-01-01T00:00:00Z")).version(TABLE))
        .isEqualTo(7);
    assertThat(loads).hasValue(1);
  }
}
