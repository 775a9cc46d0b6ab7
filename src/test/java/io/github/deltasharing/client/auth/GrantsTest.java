/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.IdentityProvider;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each type of profile against an identity provider that nobody here wrote, and a sharing server
 * that verifies its tokens by its published keys.
 */
@Tag("unit")
class GrantsTest {
  private static final TableName TABLE = new TableName("share", "schema", "table");

  @TempDir static Path directory;
  static IdentityProvider idp;

  private final StubServer server = new StubServer();

  @BeforeAll
  static void start() {
    idp = new IdentityProvider(3600);
  }

  @AfterAll
  static void stop() {
    idp.close();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @BeforeEach
  void takesTokensOfTheIdentityProvider() {
    server.onAnything(
        request ->
            subject(request) == null
                ? StubAnswer.error(401, "UNAUTHENTICATED", "no: " + request.header("Authorization"))
                : StubAnswer.empty().withHeader("Delta-Table-Version", "7"));
  }

  private static String subject(StubRequest request) {
    String header = request.header("Authorization");
    JWTClaimsSet claims =
        header == null || !header.startsWith("Bearer ") ? null : idp.verified(header.substring(7));
    return claims == null ? null : claims.getSubject();
  }

  private List<String> subjects() {
    return server.requests().stream().map(GrantsTest::subject).toList();
  }

  /** The version of a table, read with a profile of this type and these fields. */
  private long version(String type, String fields, String... options) {
    return SharingClient.open(profile(type, fields), conf(options)).version(TABLE);
  }

  private ProfileSource profile(String type, String fields) {
    String json =
        "{\"shareCredentialsVersion\":2,\"type\":\"%s\",\"endpoint\":\"%s\",%s}"
            .formatted(type, server.url("/api"), fields);
    return () -> Profile.fromJson("p.share", json);
  }

  private static SharingReadConf conf(String... options) {
    Map<String, String> all = new HashMap<>(Map.of("retrySleepInterval", "1ms"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return new SharingReadConf(all, name -> null);
  }

  private static String client(String id, String rest) {
    return "\"tokenEndpoint\":\"%s\",\"clientId\":\"%s\",%s"
        .formatted(idp.tokenEndpoint(), id, rest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"oauth_client_credentials", "persistent_oauth2.0", "OAuth_Client_Credentials"})
  void clientCredentials(String type) {
    String fields = client("a client", "\"clientSecret\":\"ca+na/ry=%\",\"scope\":\"a b\"");
    assertThat(version(type, fields)).isEqualTo(7);
    assertThat(subjects()).hasSize(1).doesNotContainNull();
  }

  @Test
  void aClientWithAWorkloadsTokenInPlaceOfASecret() throws Exception {
    Path file = Files.writeString(directory.resolve("assertion"), idp.issue("a client") + "\n");
    String fields = client("a client", "\"clientAssertionFile\":\"" + file + "\"");
    assertThat(
            version(
                "oauth_client_credentials", fields, "workloadIdentityHosts", "127.0.0.1,localhost"))
        .isEqualTo(7);
    assertThatThrownBy(() -> version("oauth_client_credentials", fields))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'workloadIdentityHosts'");
  }

  /** A profile of an attacker's could fetch a token for the victim's own services. */
  @Test
  void whatAWorkloadsTokenIsExchangedForGoesToNoHostThatIsNotListed() throws Exception {
    Path file = Files.writeString(directory.resolve("assertion"), idp.issue("a client"));
    String idpHost = URI.create(idp.tokenEndpoint()).getHost();
    String elsewhere =
        "{\"shareCredentialsVersion\":2,\"type\":\"oauth_client_credentials\",\"endpoint\":\"https://attacker.invalid\",%s}"
            .formatted(client("a client", "\"clientAssertionFile\":\"" + file + "\""));
    SharingClient client =
        SharingClient.open(
            () -> Profile.fromJson("p.share", elsewhere), conf("workloadIdentityHosts", idpHost));
    assertThatThrownBy(() -> client.version(TABLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this machine's own identity at attacker.invalid")
        .hasMessageContaining("'workloadIdentityHosts'");
  }

  @Test
  void aWorkloadsTokenItself() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), idp.issue("pod"));
    String fields = "\"tokenFile\":\"" + file + "\"";
    assertThat(version("workload_token_file", fields, "workloadIdentityHosts", "127.0.0.1"))
        .isEqualTo(7);
    assertThat(subjects()).containsExactly("pod");
    server.forget();
    assertThatThrownBy(
            () -> version("workload_token_file", fields, "workloadIdentityHosts", "other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("this machine's own identity at " + server.authority())
        .hasMessageContaining("'workloadIdentityHosts'");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aWorkloadsTokenThatIsReplaced() throws Exception {
    Path file = Files.writeString(directory.resolve("rotated"), "aaa.bbb.ccc");
    SharingClient client =
        SharingClient.open(
            profile("workload_token_file", "\"tokenFile\":\"" + file + "\""),
            conf("workloadIdentityHosts", "127.0.0.1"));
    assertThatThrownBy(() -> client.version(TABLE))
        .isInstanceOf(SharingServerException.class)
        .hasMessageContaining("HTTP 401")
        .hasMessageNotContaining("aaa.bbb.ccc");
    Files.writeString(file, idp.issue("pod"));
    assertThat(client.version(TABLE)).isEqualTo(7);
  }

  @Test
  void aUserAndAPassword() {
    server.onAnything(
        request ->
            "Basic YWxpY2U6Y2FuYXJ5w6Q=".equals(request.header("Authorization"))
                ? StubAnswer.empty().withHeader("Delta-Table-Version", "7")
                : StubAnswer.error(401, "NO", "no: " + request.header("Authorization")));
    assertThat(version("basic", "\"username\":\"alice\",\"password\":\"canaryä\"")).isEqualTo(7);
    assertThatThrownBy(() -> version("basic", "\"username\":\"bob\",\"password\":\"canary-x\""))
        .hasMessageContaining("HTTP 401")
        .hasMessageNotContaining("canary")
        .hasMessageNotContaining("Ym9iOmNhbmFyeS14");
  }

  @Test
  void aPrivateKey() throws Exception {
    try (StubServer front = new StubServer()) {
      AssertionKeyTest.Keys keys = AssertionKeyTest.Keys.rsa();
      Path pem = Files.writeString(directory.resolve("key.pem"), keys.pkcs8());
      front.onAnything(request -> judged(request, keys));
      String fields =
          "\"auth\":{\"tokenEndpoint\":\"%s\",\"clientId\":\"c\",\"issuer\":\"i\",\"audience\":\"a\",\"scope\":\"s\","
                  .formatted(front.url("/token"))
              + "\"privateKey\":{\"privateKeyFile\":\"%s\",\"keyId\":\"k\"}}".formatted(pem);
      assertThat(version("oauth_jwt_bearer_private_key_jwt", fields)).isEqualTo(7);
      assertThat(subjects()).hasSize(1).doesNotContainNull();
    }
  }

  /** The real one gives tokens for assertions; it does not know the client's key, so this does. */
  private static StubAnswer judged(StubRequest request, AssertionKeyTest.Keys keys) {
    Map<String, String> form = AssertionKeyTest.form(request.body());
    try {
      SignedJWT assertion = SignedJWT.parse(form.get("assertion"));
      assertThat(keys.verifies(assertion)).isTrue();
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(idp.tokenEndpoint()))
                      .header("Content-Type", request.header("Content-Type"))
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              request.body() + "&client_id=c&client_secret=x&scope=s"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return StubAnswer.json(response.statusCode(), response.body());
    } catch (IOException | InterruptedException | ParseException | JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The endpoint of the profile is asked through no other credential than its own. */
  @Test
  void whatTheServerRefusesIsReplacedOnceAndThenItsError() {
    server.onAnything(
        request -> StubAnswer.error(401, "NO", "no " + request.header("Authorization")));
    assertThatThrownBy(
            () ->
                version(
                    "oauth_client_credentials",
                    client("refused client", "\"clientSecret\":\"canary\"")))
        .isInstanceOf(SharingException.class)
        .hasMessageContaining("HTTP 401 NO (no Bearer ***)")
        .hasMessageNotContaining("eyJ");
    assertThat(server.requests()).hasSize(2);
  }
}
