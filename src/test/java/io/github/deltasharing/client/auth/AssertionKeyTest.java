/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.deltasharing.cache.ExpiringCache;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.testing.MovableClock;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Assertions signed with a private key, verified by another library with the public key. */
@Tag("unit")
class AssertionKeyTest {
  @TempDir Path directory;
  private final StubServer idp = new StubServer();
  private final MovableClock clock = new MovableClock(Instant.now());
  private final Set<String> ids = new HashSet<>();

  @AfterEach
  void close() {
    idp.close();
  }

  /** A pair of keys, in the forms in which people have the private one. */
  record Keys(KeyPair pair) {
    static Keys rsa() {
      return of("RSA", 2048);
    }

    static Keys of(String algorithm, int bits) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return new Keys(generator.generateKeyPair());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    String pkcs8() {
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(pair.getPrivate().getEncoded())
          + "\n-----END PRIVATE KEY-----\n";
    }

    /** PKCS #1 or SEC 1, as OpenSSL has long written them. */
    String traditional() {
      return pem(pair.getPrivate());
    }

    boolean verifies(SignedJWT jwt) throws JOSEException {
      JWSVerifier verifier =
          pair.getPublic() instanceof RSAPublicKey rsa
              ? new RSASSAVerifier(rsa)
              : new ECDSAVerifier((ECPublicKey) pair.getPublic());
      return jwt.verify(verifier);
    }
  }

  private static String pem(Object part) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(part);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&")) {
      String[] parts = field.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private AuthSession session(String pem, String algorithm) throws IOException {
    Path file = Files.writeString(directory.resolve("key.pem"), pem);
    PrivateKeyJwt credential =
        new PrivateKeyJwt(
            idp.url("/token"),
            "client 1",
            "https://idp.example",
            "https://sharing.example",
            "read",
            new AssertionKey(file.toString(), "key 7", JwtAlgorithm.valueOf(algorithm)));
    return AuthSession.open(
        () -> new Login("p.share", URI.create("https://h/x"), credential),
        Map::of,
        new AccessTokens(SharingReadConf.defaults(), new ExpiringCache<>(256, clock), clock));
  }

  /** Signs in; the assertion. */
  private SignedJWT assertion(String pem, String algorithm) throws Exception {
    idp.on("/token", StubAnswer.json("{\"access_token\":\"t\",\"expires_in\":60}"));
    idp.forget();
    session(pem, algorithm).login();
    Map<String, String> form = form(idp.requests().get(0).body());
    assertThat(form)
        .containsOnlyKeys("grant_type", "assertion")
        .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    return SignedJWT.parse(form.get("assertion"));
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048, RS256", "RSA, 2048, PS256", "RSA, 4096, RS256", "EC, 256, ES256"})
  void isSignedAsItsHeaderSays(String keys, int bits, String algorithm) throws Exception {
    Keys pair = Keys.of(keys, bits);
    for (String pem : List.of(pair.pkcs8(), pair.traditional(), "text\n" + pair.pkcs8())) {
      SignedJWT jwt = assertion(pem, algorithm);
      assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
      assertThat(jwt.getHeader().getKeyID()).isEqualTo("key 7");
      assertThat(pair.verifies(jwt)).isTrue();
      assertThat(Keys.of(keys, bits == 4096 ? 2048 : bits).verifies(jwt)).isFalse();
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      assertThat(claims.getAudience()).containsExactly("https://idp.example");
      assertThat(claims.getIssuer()).isEqualTo("client 1");
      assertThat(claims.getStringClaim("resource")).isEqualTo("https://sharing.example");
      assertThat(claims.getStringClaim("scope")).isEqualTo("read");
      assertThat(claims.getIssueTime().toInstant().getEpochSecond())
          .isEqualTo(clock.instant().getEpochSecond());
      assertThat(claims.getExpirationTime().getTime() - claims.getIssueTime().getTime())
          .isEqualTo(120_000);
      assertThat(ids.add(claims.getJWTID())).as("each has its own").isTrue();
    }
  }

  @Test
  void anEncryptedKeyIsRefusedByName() throws Exception {
    KeyPair pair = Keys.rsa().pair();
    String old =
        encrypted(
            writer ->
                writer.writeObject(
                    pair.getPrivate(),
                    new JcePEMEncryptorBuilder("AES-128-CBC")
                        .setProvider(new BouncyCastleProvider())
                        .build("canary".toCharArray())));
    String pkcs8 =
        encrypted(
            writer ->
                writer.writeObject(
                    new JcaPKCS8Generator(
                        pair.getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_128_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword("canary".toCharArray())
                            .build())));
    for (String pem : List.of(old, pkcs8)) {
      AuthSession session = session(pem, "RS256");
      assertThatThrownBy(session::login)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("p.share")
          .hasMessageContaining("key.pem is encrypted")
          .hasMessageContaining("openssl pkcs8");
    }
    assertThat(idp.requests()).isEmpty();
  }

  private interface Write {
    void to(JcaPEMWriter writer) throws Exception;
  }

  private static String encrypted(Write write) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      write.to(writer);
    }
    return text.toString();
  }

  static Map<String, String> unusable() {
    Keys rsa = Keys.rsa();
    Map<String, String> all = new LinkedHashMap<>();
    all.put("", "holds no private key in PEM");
    all.put("canary", "holds no private key in PEM");
    all.put(
        "-----BEGIN PUBLIC KEY-----\ncanary\n-----END PUBLIC KEY-----",
        "holds no private key in PEM");
    all.put(
        "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----",
        "is no private key for what 'algorithm' names, or it is damaged");
    all.put(
        "-----BEGIN OPENSSH PRIVATE KEY-----\nY2FuYXJ5\n-----END OPENSSH PRIVATE KEY-----",
        "is in the form of SSH");
    all.put(Keys.of("EC", 256).traditional(), "for another algorithm");
    all.put(Keys.of("EC", 256).pkcs8(), "is no private key for what 'algorithm' names");
    all.put(Keys.of("RSA", 1024).pkcs8(), "fewer than 2048 bits");
    all.put(rsa.pkcs8().substring(0, 400) + "\n-----END PRIVATE KEY-----", "damaged");
    return all;
  }

  @Test
  void whatIsNoKeyForRs256IsNamedAndNotQuoted() throws Exception {
    for (Map.Entry<String, String> one : unusable().entrySet()) {
      AuthSession session = session(one.getKey(), "RS256");
      assertThatThrownBy(session::login)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("its private key at ")
          .hasMessageContaining(one.getValue())
          .hasMessageNotContaining("canary")
          .hasMessageNotContaining("Y2FuYXJ5");
    }
  }

  @Test
  void aKeyOfAnotherCurveIsNoneForEs256() throws Exception {
    for (String pem : List.of(Keys.of("EC", 384).pkcs8(), Keys.of("EC", 384).traditional())) {
      AuthSession session = session(pem, "ES256");
      assertThatThrownBy(session::login).hasMessageContaining("is not of the curve P-256");
    }
  }

  /** SEC 1 leaves the curve out at will; the public key's bytes are not to be taken for one. */
  @Test
  void aKeyThatDoesNotNameItsCurve() throws Exception {
    boolean tried = false;
    while (!tried) {
      Keys keys = Keys.of("EC", 256);
      byte[] point =
          SubjectPublicKeyInfo.getInstance(keys.pair().getPublic().getEncoded())
              .getPublicKeyData()
              .getOctets();
      byte[] der =
          new org.bouncycastle.asn1.sec.ECPrivateKey(
                  256,
                  ((ECPrivateKey) keys.pair().getPrivate()).getS(),
                  new DERBitString(point),
                  null)
              .getEncoded();
      String pem = pem(new PemObject("EC PRIVATE KEY", der));
      assertThat(keys.verifies(assertion(pem, "ES256"))).isTrue();
      tried = HexFormat.of().formatHex(der).substring(78).contains("a0");
    }
  }

  @Test
  void aKeyInItsPlaceIsUsed() throws Exception {
    Keys first = Keys.rsa();
    Keys second = Keys.rsa();
    assertThat(first.verifies(assertion(first.pkcs8(), "RS256"))).isTrue();
    assertThat(second.verifies(assertion(second.pkcs8(), "RS256"))).isTrue();
  }

  /** The identity provider's clock is an hour behind, and it refuses assertions of the future. */
  @Test
  void aClockThatIsWrongIsMadeUpForByThatOfTheIdentityProvider() throws Exception {
    Keys keys = Keys.rsa();
    Instant there = Instant.now();
    idp.on(
        "/token",
        request -> {
          Instant issued = issued(form(request.body()).get("assertion"));
          return Duration.between(there, issued).abs().compareTo(Duration.ofMinutes(1)) < 0
              ? StubAnswer.json("{\"access_token\":\"t\",\"expires_in\":60}")
              : StubAnswer.json(400, "{\"error\":\"invalid_grant\"}");
        });
    clock.move(Duration.ofHours(1));
    session(keys.pkcs8(), "RS256").login();
    assertThat(idp.requests()).hasSize(2);
    idp.on("/token", StubAnswer.json(400, "{\"error\":\"invalid_grant\"}"));
    AuthSession session = session(keys.pkcs8(), "RS256");
    assertThatThrownBy(session::login)
        .hasMessageContaining("ahead of that of the identity provider")
        .hasMessageContaining("'keyId'");
  }

  private static Instant issued(String assertion) {
    try {
      return SignedJWT.parse(assertion).getJWTClaimsSet().getIssueTime().toInstant();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }
}
