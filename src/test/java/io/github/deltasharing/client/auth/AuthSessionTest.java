/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class AuthSessionTest {
  private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");

  /** What the profile holds, from reading to reading; the last one stays. */
  private final Queue<Login> profile = new ArrayDeque<>();

  private final Map<String, String> gateway = new LinkedHashMap<>();

  private AuthSession session(Login... readings) {
    profile.addAll(List.of(readings));
    return AuthSession.open(
        () -> profile.size() > 1 ? profile.remove() : profile.element(), () -> gateway, tokens());
  }

  private static AccessTokens tokens() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new AccessTokens(SharingReadConf.defaults(), new ExpiringCache<>(256, clock), clock);
  }

  private static Login login(String token, Instant expirationTime) {
    return new Login(
        "p.share", URI.create("https://h:8443/x"), new BearerToken(token, expirationTime));
  }

  private static Map<String, String> headers(AuthSession session) {
    Map<String, String> headers = new LinkedHashMap<>();
    session.authenticate(session.login(), headers::put);
    return headers;
  }

  @Test
  void aRequestGetsTheTokenBehindTheGatewaysHeaders() {
    gateway.put("X-Gateway", "canary-of-the-gateway");
    AuthSession session = session(login("canary", null));
    assertThat(headers(session))
        .containsExactly(
            entry("X-Gateway", "canary-of-the-gateway"), entry("Authorization", "Bearer canary"));
    assertThat(session.secrets(session.last())).containsExactly("canary");
  }

  @Test
  void aRefusedTokenIsReplacedByTheProfilesNewOne() {
    AuthSession session = session(login("old", null), login("new", null));
    Login old = session.login();
    assertThat(session.refresh(old)).isTrue();
    assertThat(session.refresh(old)).as("another thread has").isTrue();
    assertThat(headers(session)).containsEntry("Authorization", "Bearer new");
    assertThat(session.refresh(session.login())).as("nothing newer").isFalse();
  }

  @Test
  void anExpiredTokenIsReadAgainBeforeItIsSent() {
    AuthSession session = session(login("old", NOW), login("new", NOW.plusMillis(1)));
    assertThat(headers(session)).containsEntry("Authorization", "Bearer new");
  }

  @Test
  void aTokenThatStaysExpiredIsNotSent() {
    AuthSession session = session(login("canary", NOW));
    assertThatThrownBy(session::login)
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("The profile p.share expired at 2026-01-31T00:00:00Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "user-agent", "delta-sharing-capabilities"})
  void theConnectorsOwnHeadersAreNotTheGateways(String name) {
    gateway.put(name, "canary");
    AuthSession session = session(login("t", null));
    assertThatThrownBy(() -> headers(session))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("the connector's own")
        .hasMessageNotContaining("canary");
  }

  @Test
  void whatNoRequestMayHaveIsNamedAndNotQuoted() {
    AuthSession session = session(login("canary\n", null));
    assertThatThrownBy(
            () ->
                session.authenticate(
                    session.last(),
                    (name, value) -> {
                      throw new IllegalArgumentException(value);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p.share")
        .hasMessageContaining("'bearerToken'")
        .hasMessageNotContaining("canary");
  }

  @Test
  void nothingPrintsASecret() {
    Login login = login("canary", null);
    assertThat(login).hasToString("Login[p.share, endpoint=https://h:8443/x]");
    assertThat(login.credential().toString()).doesNotContain("canary");
    assertThat(ProfileFields.of("p.share", "{\"bearerToken\":\"canary\"}").toString())
        .doesNotContain("canary");
  }
}
