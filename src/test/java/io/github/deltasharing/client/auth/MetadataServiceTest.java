/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A machine's own identity, from stubs of the clouds' metadata services: not the real ones. */
@Tag("unit")
class MetadataServiceTest {
  private final StubServer metadata = new StubServer();
  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-31T00:00:00Z"));

  @AfterEach
  void close() {
    metadata.close();
  }

  private AuthSession session(Credential credential, String... options) {
    Map<String, String> all =
        new HashMap<>(
            Map.of("retrySleepInterval", "1ms", "workloadIdentityHosts", "sharing.example"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return AuthSession.open(
        () -> new Login("p.share", URI.create("https://sharing.example/x"), credential),
        Map::of,
        new AccessTokens(
            new SharingReadConf(all, name -> null), new ExpiringCache<>(256, clock), clock));
  }

  private static String sent(AuthSession session) {
    Map<String, String> headers = new LinkedHashMap<>();
    session.authenticate(session.login(), headers::put);
    return headers.get("Authorization");
  }

  private static ProfileFields fields(String json) {
    return ProfileFields.of("p.share", "{\"endpoint\":\"https://sharing.example/x\"," + json + "}");
  }

  private Credential azure(String more) {
    return AzureIdentity.of(
        fields(
            "\"resource\":\"api://sharing server\",\"metadataEndpoint\":\""
                + metadata.url("")
                + "\""
                + more),
        name -> null);
  }

  @Test
  void azuresMachines() {
    metadata.on(
        "/metadata/identity/oauth2/token",
        StubAnswer.json(429, "{}"),
        StubAnswer.json(
            "{\"access_token\":\"canary\",\"expires_in\":\"3599\",\"expires_on\":\"1\",\"token_type\":\"Bearer\"}"));
    AuthSession session = session(azure(",\"clientId\":\"11-22\""));
    assertThat(sent(session)).isEqualTo("Bearer canary");
    assertThat(metadata.requests())
        .hasSize(2)
        .allSatisfy(
            request -> {
              assertThat(request)
                  .hasToString(
                      "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2Fsharing+server&client_id=11-22");
              assertThat(request.header("Metadata")).isEqualTo("true");
            });
    assertThat(session.last().token().expires()).isEqualTo(clock.instant().plusSeconds(3599));
  }

  /** No proxy reaches a metadata service; the one of the options is for others. */
  @Test
  void noProxyIsBetween() {
    metadata.on(
        "/metadata/identity/oauth2/token", StubAnswer.json("{\"access_token\":\"canary\"}"));
    try (ClosedPort port = new ClosedPort()) {
      AuthSession session =
          session(azure(""), "proxyHost", "127.0.0.1", "proxyPort", "" + port.number());
      assertThat(sent(session)).isEqualTo("Bearer canary");
    }
  }

  @Test
  void azuresAppServices() {
    long end = clock.instant().plus(Duration.ofMinutes(30)).getEpochSecond();
    metadata.on(
        "/msi/token",
        StubAnswer.json("{\"access_token\":\"canary\",\"expires_on\":\"" + end + "\"}"));
    Map<String, String> environment =
        Map.of("IDENTITY_ENDPOINT", metadata.url("/msi/token"), "IDENTITY_HEADER", "canary-of-env");
    AuthSession session = session(AzureIdentity.of(fields("\"resource\":\"r\""), environment::get));
    assertThat(sent(session)).isEqualTo("Bearer canary");
    assertThat(metadata.requests().get(0))
        .hasToString("GET /msi/token?api-version=2019-08-01&resource=r");
    assertThat(metadata.requests().get(0).header("X-IDENTITY-HEADER")).isEqualTo("canary-of-env");
    assertThat(session.last().token().expires()).isEqualTo(Instant.ofEpochSecond(end));
    assertThat(session.secrets(session.last())).contains("canary-of-env");
  }

  @Test
  void azuresRefusal() {
    metadata.on(
        "/metadata/identity/oauth2/token",
        StubAnswer.json(
            400, "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}"));
    assertThatThrownBy(session(azure(""))::login)
        .hasMessageContaining("HTTP 400 invalid_request (Identity not found)")
        .hasMessageContaining("whether this machine has a managed identity");
  }

  private Credential gcp(String fields) {
    return GcpIdentity.of(fields(fields + ",\"metadataEndpoint\":\"" + metadata.url("/") + "\""));
  }

  @Test
  void googlesIdentityTokens() {
    String claims = "{\"sub\":\"1\",\"iat\":1000,\"exp\":4600}";
    String jwt =
        "eyJhbGciOiJSUzI1NiJ9."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2ln";
    metadata.on(
        "/computeMetadata/v1/instance/service-accounts/default/identity",
        StubAnswer.empty().withBody(jwt + "\n"));
    AuthSession session = session(gcp("\"audience\":\"https://sharing.example\""));
    assertThat(sent(session)).isEqualTo("Bearer " + jwt);
    assertThat(metadata.requests().get(0).target())
        .endsWith("/identity?format=full&audience=https%3A%2F%2Fsharing.example");
    assertThat(metadata.requests().get(0).header("Metadata-Flavor")).isEqualTo("Google");
    assertThat(session.last().token().expires()).isEqualTo(clock.instant().plusSeconds(3600));
  }

  @Test
  void googlesAccessTokens() {
    metadata.on(
        "/computeMetadata/v1/instance/service-accounts/me%40p/token",
        StubAnswer.json("{\"access_token\":\"canary\",\"expires_in\":3000}"));
    AuthSession session = session(gcp("\"scope\":\"openid\",\"serviceAccount\":\"me@p\""));
    assertThat(sent(session)).isEqualTo("Bearer canary");
    assertThat(metadata.requests().get(0).target()).endsWith("/token?scopes=openid");
  }

  @Test
  void anIdentityTokenThatIsNoneIsNotSent() {
    metadata.onAnything(request -> StubAnswer.html(200, "<html>canary</html>"));
    assertThatThrownBy(session(gcp("\"audience\":\"a\""))::login)
        .hasMessageContaining("it is no JSON web token")
        .hasMessageNotContaining("canary");
  }

  @Test
  void aUrlThatCannotBeUsedIsTheProfiles() {
    for (Credential credential :
        List.of(
            gcp("\"audience\":\"a\"", "https://sharing.example:99999/x", metadata.url("/")),
            gcp("\"audience\":\"a\"", "https://sharing.example/x", "http://127.0.0.1:99999"))) {
      assertThatThrownBy(session(credential)::login)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The profile p.share cannot be used: its ")
          .hasMessageContaining("endpoint cannot be used");
    }
  }

  private static Credential gcp(String fields, String endpoint, String metadataEndpoint) {
    String json =
        "{%s,\"endpoint\":\"%s\",\"metadataEndpoint\":\"%s\"}"
            .formatted(fields, endpoint, metadataEndpoint);
    return GcpIdentity.of(ProfileFields.of("p.share", json));
  }

  /** A profile comes from others: it must not send the machine's identity to a host of theirs. */
  @Test
  void noHostGetsTheMachinesIdentityUnlessItsUserSaysSo() {
    for (Credential credential :
        List.of(
            azure(""),
            gcp("\"audience\":\"a\""),
            new TokenFile("/etc/hostname", URI.create("https://sharing.example/x")))) {
      assertThatThrownBy(session(credential, "workloadIdentityHosts", "other.example")::login)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("p.share")
          .hasMessageContaining("sharing.example")
          .hasMessageContaining("'workloadIdentityHosts'");
    }
    assertThat(metadata.requests()).isEmpty();
  }
}
