/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static io.github.deltasharing.server.ServerClient.actions;
import static io.github.deltasharing.server.ServerClient.json;
import static io.github.deltasharing.server.ServerClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.github.deltasharing.testing.IdentityProvider;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipients who sign in by tokens of their own identity provider. */
@Tag("unit")
class OidcRecipientsTest {
  private static final String TABLE = "retail/schemas/sales/tables/orders";
  private static final RSAKey RSA = rsa("one");
  private static final RSAKey NEXT = rsa("two");

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile List<JWK> keys = List.of(RSA);
  private volatile int status = 200;
  private HttpServer issuer;
  private ProviderServer server;

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          String body =
              exchange.getRequestURI().getPath().equals("/i/.well-known/openid-configuration")
                  ? "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(name(), name())
                  : new JWKSet(keys).toString();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    issuer.start();
    HandWrittenTable.write(directory.resolve("tables/orders"), 3, 10);
    server = ProviderServer.start(directory, clock, config -> config.oidcIssuers(List.of(name())));
    server.share("retail", "sales.orders", "orders");
  }

  @AfterEach
  void stop() {
    server.close();
    issuer.stop(0);
  }

  private String name() {
    return "http://127.0.0.1:" + issuer.getAddress().getPort() + "/i";
  }

  private static String policy(String issuer, String claim, String subject) {
    return "\"oidc_policy\":{\"issuer\":\"%s\",\"audiences\":[\"sharing-server\"],\"subject_claim\":\"%s\",\"subject\":\"%s\"}"
        .formatted(issuer, claim, subject);
  }

  private JsonNode recipient(String name, String claim, String subject) {
    JsonNode made =
        server.done(
            "POST",
            "/recipients",
            "{\"name\":\"%s\",\"auth_type\":\"OIDC_FEDERATION\",%s}"
                .formatted(name, policy(name(), claim, subject)));
    server.grant("retail", name);
    return made;
  }

  private Map<String, Object> claims(String subject) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", name());
    claims.put("sub", subject);
    claims.put("aud", "sharing-server");
    claims.put("exp", clock.instant().plusSeconds(300));
    return claims;
  }

  private static JWTClaimsSet set(Map<String, Object> claims) {
    JWTClaimsSet.Builder set = new JWTClaimsSet.Builder();
    claims.forEach(
        (name, value) ->
            set.claim(name, value instanceof java.time.Instant time ? Date.from(time) : value));
    return set.build();
  }

  private static String sign(JWSHeader header, JWSSigner signer, Map<String, Object> claims) {
    try {
      SignedJWT token = new SignedJWT(header, set(claims));
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(RSAKey key, Map<String, Object> claims) {
    try {
      return sign(
          new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
          new RSASSASigner(key),
          claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private int status(String token) {
    return server.get(token, "/shares/retail").statusCode();
  }

  @Test
  void aRecipientReadsWithTheTokenOfItsIssuerUntilItIsRevoked() {
    JsonNode made = recipient("acme", "sub", "job-7");
    assertThat(made.has("token")).isFalse();
    assertThat(made.at("/recipient/oidc_policy/subject").asText()).isEqualTo("job-7");
    String token = sign(RSA, claims("job-7"));
    JsonNode file = actions(server.query(token, TABLE, "{}"), "file").get(0);
    String url = file.path("url").asText();
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(200);
    assertThat(status(sign(RSA, claims("job-8")))).isEqualTo(401);
    server.permission("retail", "acme", "remove");
    assertThat(status(token)).isEqualTo(404);
    server.grant("retail", "acme");
    assertThat(status(token)).isEqualTo(200);
    server.done("PATCH", "/recipients/acme", "{" + policy(name(), "sub", "job-8") + "}");
    assertThat(status(token)).isEqualTo(401);
    assertThat(ServerClient.fetch(url).statusCode()).isEqualTo(404);
    assertThat(status(sign(RSA, claims("job-8")))).isEqualTo(200);
    assertThat(server.admin("POST", "/recipients/acme/rotate-token", "").statusCode())
        .isEqualTo(400);
    server.done("DELETE", "/recipients/acme", "");
    assertThat(status(sign(RSA, claims("job-8")))).isEqualTo(401);
    // Discovery and keys: each once, however many requests there were.
    assertThat(asked).hasValue(2);
  }

  @Test
  void tokensThatAreNotTheIssuersOrNotForUsAreRefused() throws Exception {
    recipient("acme", "sub", "job-7");
    Map<String, Object> good = claims("job-7");
    assertThat(status(sign(RSA, good))).isEqualTo(200);
    Map<String, String> refused = new LinkedHashMap<>();
    for (Map.Entry<String, Object> wrong :
        Map.<String, Object>of(
                "aud",
                "another-server",
                "exp",
                clock.instant().minusSeconds(61),
                "nbf",
                clock.instant().plusSeconds(61),
                "sub",
                "JOB-7",
                "iss",
                name() + "/")
            .entrySet()) {
      Map<String, Object> claims = claims("job-7");
      claims.put(wrong.getKey(), wrong.getValue());
      refused.put("other " + wrong.getKey(), sign(RSA, claims));
      claims.remove(wrong.getKey());
      if (!wrong.getKey().equals("nbf")) {
        refused.put("no " + wrong.getKey(), sign(RSA, claims));
      }
    }
    RSAKey forged = new RSAKeyGenerator(2048).keyID(RSA.getKeyID()).generate();
    refused.put("another's key of the same name", sign(forged, good));
    refused.put("none", new PlainJWT(set(good)).serialize());
    byte[] publicKey = RSA.toPublicJWK().toRSAPublicKey().getEncoded();
    refused.put(
        "the public key as a secret",
        sign(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(RSA.getKeyID()).build(),
            new MACSigner(publicKey),
            good));
    refused.put(
        "a key in the token",
        sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(forged.toPublicJWK()).build(),
            new RSASSASigner(forged),
            good));
    refused.put(
        "another kind of token",
        sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(RSA.getKeyID())
                .type(new JOSEObjectType("logout+jwt"))
                .build(),
            new RSASSASigner(RSA),
            good));
    String signed = sign(RSA, good);
    String[] parts = signed.split("\\.");
    refused.put(
        "other claims", parts[0] + "." + sign(RSA, claims("x")).split("\\.")[1] + "." + parts[2]);
    refused.put("no signature", parts[0] + "." + parts[1] + ".");
    refused.put("no token", "a.b.c");
    refused.forEach(
        (what, token) -> {
          HttpResponse<String> response = server.get(token, "/shares/retail");
          assertThat(response.statusCode()).as(what).isEqualTo(401);
          assertThat(response.body()).as(what).doesNotContain(parts[1]);
        });
    assertThat(refused).hasSizeGreaterThan(14);
    assertThat(status(signed)).isEqualTo(200);
    clock.forwardMillis(Duration.ofSeconds(361).toMillis());
    assertThat(status(signed)).isEqualTo(401);
  }

  @Test
  void anIssuerChangesItsKeysAndIsAwayForAWhile() throws Exception {
    recipient("acme", "sub", "job-7");
    status = 500;
    HttpResponse<String> away = server.get(sign(RSA, claims("job-7")), "/shares/retail");
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(message(away)).contains("Try again");
    assertThat(server.admin("GET", "/recipients", "").statusCode()).isEqualTo(200);
    status = 200;
    Thread.sleep(2_100);
    assertThat(status(sign(RSA, claims("job-7")))).isEqualTo(200);
    ECKey ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    keys = List.of(RSA, NEXT, ec);
    assertThat(status(sign(NEXT, claims("job-7")))).isEqualTo(200);
    assertThat(
            status(
                sign(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID("ec")
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                    new ECDSASigner(ec),
                    claims("job-7"))))
        .isEqualTo(200);
    // Unknown keys are not looked for with each token that names one.
    int before = asked.get();
    for (int i = 0; i < 20; i++) {
      assertThat(status(sign(rsaNamed("x" + i), claims("job-7")))).isEqualTo(401);
    }
    assertThat(asked.get() - before).isLessThanOrEqualTo(2);
    status = 500;
    assertThat(status(sign(RSA, claims("job-7")))).isEqualTo(200);
  }

  private static RSAKey rsaNamed(String id) {
    return new RSAKey.Builder(NEXT).keyID(id).build();
  }

  @Test
  void aClaimOfManyValuesNamesARecipientAndATokenIsThatOfOneOnly() {
    recipient("group", "groups", "analysts");
    Map<String, Object> claims = claims("somebody");
    claims.put("groups", List.of("others", "analysts"));
    assertThat(status(sign(RSA, claims))).isEqualTo(200);
    recipient("person", "sub", "somebody");
    assertThat(status(sign(RSA, claims))).isEqualTo(403);
    claims.put("groups", "others");
    assertThat(status(sign(RSA, claims))).isEqualTo(200);
    String twice = "{\"name\":\"twice\"," + policy(name(), "sub", "somebody") + "}";
    assertThat(server.admin("POST", "/recipients", twice).statusCode()).isEqualTo(409);
  }

  @Test
  void onlyIssuersOfTheConfigurationAreAsked() {
    String other = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/other";
    HttpResponse<String> refused =
        server.admin("POST", "/recipients", "{\"name\":\"x\"," + policy(other, "sub", "s") + "}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(message(refused)).contains("oidcIssuers");
    Map<String, Object> claims = claims("job-7");
    claims.put("iss", other);
    assertThat(status(sign(RSA, claims))).isEqualTo(401);
    // Nor is one of whom there is no recipient.
    assertThat(status(sign(RSA, claims("job-7")))).isEqualTo(401);
    assertThat(asked).hasValue(0);
    String token = server.recipient("own").path("bearerToken").asText();
    HttpResponse<String> changed =
        server.admin("PATCH", "/recipients/own", "{" + policy(name(), "sub", "s") + "}");
    assertThat(changed.statusCode()).isEqualTo(400);
    assertThat(server.get(token, "/shares").statusCode()).isEqualTo(200);
  }

  @Test
  void anIdentityProviderThatNobodyHereWrote() {
    try (IdentityProvider provider = new IdentityProvider(300)) {
      // The first response of its library takes seconds on a busy machine.
      ServerClient.fetch(provider.issuer() + "/.well-known/openid-configuration");
      server.close();
      server =
          ProviderServer.start(
              directory, clock, config -> config.oidcIssuers(List.of(provider.issuer())));
      server.done(
          "POST",
          "/recipients",
          "{\"name\":\"acme\"," + policy(provider.issuer(), "sub", "recipient") + "}");
      server.grant("retail", "acme");
      HttpResponse<String> shares = server.get(provider.issue("recipient"), "/shares");
      assertThat(json(shares).path("items").findValuesAsText("name")).containsExactly("retail");
      assertThat(server.get(provider.issue("another"), "/shares").statusCode()).isEqualTo(401);
    }
  }
}
