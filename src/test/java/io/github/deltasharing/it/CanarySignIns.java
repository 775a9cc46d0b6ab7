/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import static io.github.deltasharing.it.CanarySecrets.CORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads of {@link CanaryIT} that sign in by other means than a bearer token. Stateless. */
final class CanarySignIns {
  private static final byte[] KEY = newKey();

  /** A part of the private key, as its file has it, that no other text has. */
  static final String PART_OF_KEY = part();

  private CanarySignIns() {}

  private static byte[] newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String part() {
    // Not the first line: it says what kind of key it is.
    return pem()
        .lines()
        .skip(2)
        .map(Pattern.compile("[A-Za-z0-9]{24}")::matcher)
        .filter(Matcher::find)
        .findFirst()
        .orElseThrow()
        .group();
  }

  private static String pem() {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(KEY)
        + "\n-----END PRIVATE KEY-----\n";
  }

  /** Reads by each of them, and provokes errors that say the secrets back. */
  static void read(CanaryReads reads, CanaryFailures failures) throws IOException {
    try (StubServer idp = new StubServer()) {
      idp.onAnything(
          request ->
              StubAnswer.json(
                  "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
                      .formatted(TestShare.CANARY)));
      String endpoint = reads.share().server().uri().toString();
      for (Map<String, String> credential :
          new Map[] {client(), privateKey(reads.directory().resolve("key.pem"))}) {
        String type = credential.get("shareCredentialsType");
        credential.put("endpoint", endpoint);
        credential.put("tokenEndpoint", idp.url("/token"));
        assertThat(reads.show(type, reads.load(credential)).count()).isEqualTo(20_000);
        credential.put("tokenEndpoint", failures.echo().url("/bad"));
        failures.fails(type + ", refused", () -> reads.load(credential).count());
        credential.put("tokenEndpoint", failures.echo().url("/echo"));
        failures.fails(type + ", unavailable", () -> reads.load(credential).count());
      }
      assertThat(idp.requests()).hasSize(2);
    }
    for (String path : new String[] {"/bad", "/echo"}) {
      Map<String, String> basic = credential("basic");
      basic.putAll(Map.of("username", "ada", "password", "basic-" + CORE));
      basic.put("endpoint", failures.echo().url(path));
      failures.fails("basic, at " + path, () -> reads.load(basic).count());
    }
  }

  private static Map<String, String> credential(String type) {
    return new HashMap<>(
        Map.of(
            "shareCredentialsType", type, "numRetries", "0", "oauth.tokenExchangeMaxRetries", "0"));
  }

  private static Map<String, String> client() {
    Map<String, String> client = credential("oauth_client_credentials");
    client.putAll(Map.of("clientId", "reader", "clientSecret", "client-" + CORE));
    return client;
  }

  private static Map<String, String> privateKey(Path file) throws IOException {
    Files.writeString(file, pem());
    Map<String, String> client = credential("oauth_jwt_bearer_private_key_jwt");
    client.putAll(
        Map.of(
            "clientId",
            "reader",
            "issuer",
            "company",
            "audience",
            "sharing",
            "keyId",
            "one",
            "privateKeyFile",
            file.toString()));
    return client;
  }
}
