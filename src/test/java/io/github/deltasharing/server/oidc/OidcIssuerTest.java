/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.github.deltasharing.testing.MovableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One issuer, which is away at times. */
@Tag("unit")
class OidcIssuerTest {
  private final MovableClock clock = new MovableClock();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private ECKey key;
  private HttpServer server;
  private volatile int status = 200;
  private OidcIssuer issuer;

  @BeforeEach
  void start() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean discovery = exchange.getRequestURI().getPath().contains("/.well-known/");
          if (discovery) {
            asked.incrementAndGet();
          }
          byte[] body =
              (discovery
                      ? "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(name(), name())
                      : new JWKSet(key.toPublicJWK()).toString())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(discovery ? status : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    issuer = new OidcIssuer(name(), new IssuerDocuments(), clock, nanos::get);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private String subject() throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
            new JWTClaimsSet.Builder()
                .issuer(name())
                .audience("server")
                .subject("job")
                .expirationTime(Date.from(clock.instant().plusSeconds(60)))
                .build());
    token.sign(new ECDSASigner(key));
    return issuer.verify(token).getSubject();
  }

  @Test
  void whileTheDescriptionCannotBeGotAgainTheKeysThatAreKnownGoOnForAll() throws Exception {
    assertThat(subject()).isEqualTo("job");
    nanos.addAndGet(Duration.ofHours(25).toNanos());
    status = 500;
    for (int i = 0; i < 4; i++) {
      assertThat(subject()).as("request %d", i).isEqualTo("job");
      nanos.addAndGet(Duration.ofMillis(900).toNanos());
    }
    assertThat(asked).hasValue(3);
    status = 200;
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(subject()).isEqualTo("job");
    assertThat(subject()).isEqualTo("job");
    assertThat(asked).hasValue(4);
  }

  @Test
  void anIssuerThatWasNeverThereIsAskedNowAndThen() throws Exception {
    status = 500;
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(this::subject).isInstanceOf(IOException.class);
    }
    assertThat(asked).hasValue(1);
    status = 200;
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(subject()).isEqualTo("job");
  }
}
