/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.options.InlineCredential;
import io.github.deltasharing.testing.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each field of each type of profile: what is missing or wrong is named, by itself. */
@Tag("unit")
class CredentialFieldsTest {
  private static final Map<String, String> WHOLE =
      Map.of(
          "basic", "{'username':'u','password':'canary'}",
          "oauth_client_credentials",
              "{'tokenEndpoint':'https://i/t','clientId':'c','clientSecret':'canary'}",
          "oauth_jwt_bearer_private_key_jwt",
              "{'auth':{'tokenEndpoint':'https://i/t','clientId':'c','issuer':'i','audience':'a','privateKey':{'privateKeyFile':'f','keyId':'k'}}}",
          "workload_token_file", "{'tokenFile':'f','endpoint':'https://s'}",
          "azure_managed_identity", "{'resource':'r','endpoint':'https://s'}",
          "gcp_workload_identity", "{'audience':'a','endpoint':'https://s'}");

  private static Credential read(String type, String json) {
    return Credential.of(type, ProfileFields.of("p.share", json.replace('\'', '"')));
  }

  /** The whole one with a field set to a JSON value, or without it. */
  private static String with(String type, String path, String value) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode root = mapper.readTree(WHOLE.get(type).replace('\'', '"'));
    String[] parts = path.split("\\.");
    JsonNode at = root;
    for (int i = 0; i < parts.length - 1; i++) {
      at = at.path(parts[i]);
    }
    ObjectNode object = (ObjectNode) at;
    if (value == null) {
      object.remove(parts[parts.length - 1]);
    } else {
      object.set(parts[parts.length - 1], mapper.readTree(value.replace('\'', '"')));
    }
    return root.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "basic, username",
    "basic, password",
    "oauth_client_credentials, tokenEndpoint",
    "oauth_client_credentials, clientId",
    "oauth_client_credentials, clientSecret",
    "oauth_jwt_bearer_private_key_jwt, auth.tokenEndpoint",
    "oauth_jwt_bearer_private_key_jwt, auth.clientId",
    "oauth_jwt_bearer_private_key_jwt, auth.issuer",
    "oauth_jwt_bearer_private_key_jwt, auth.audience",
    "oauth_jwt_bearer_private_key_jwt, auth.privateKey.privateKeyFile",
    "oauth_jwt_bearer_private_key_jwt, auth.privateKey.keyId",
    "workload_token_file, tokenFile",
    "workload_token_file, endpoint",
    "azure_managed_identity, resource"
  })
  void aMissingFieldIsNamed(String type, String field) throws Exception {
    assertThat(read(type, WHOLE.get(type)).toString()).doesNotContain("canary");
    for (String value : new String[] {null, "null", "''", "' '", "{}", "['canary']"}) {
      String json = with(type, field, value);
      assertThatThrownBy(() -> read(type, json))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The profile p.share cannot be used: it has no '" + field + "'")
          .hasMessageNotContaining("canary");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "basic | username | 'a:b' | 'username' contains a colon",
        "oauth_client_credentials | tokenEndpoint | 'i/t' | 'tokenEndpoint' is not an http or https URL",
        "oauth_client_credentials | tokenEndpoint | 'ftp://i/t' | 'tokenEndpoint' is not an http or https URL",
        "oauth_client_credentials | tokenEndpoint | 'https://u:canary@i/t' | 'tokenEndpoint' contains a user name",
        "oauth_client_credentials | clientAssertionFile | 'f' | both a 'clientSecret' and a 'clientAssertionFile'",
        "oauth_jwt_bearer_private_key_jwt | auth.privateKey.algorithm | 'HS256' | 'auth.privateKey.algorithm' is none of RS256, PS256, ES256",
        "azure_managed_identity | metadataEndpoint | 'x' | 'metadataEndpoint' is not an http or https URL",
        "gcp_workload_identity | audience | '' | neither an 'audience'"
      })
  void aWrongFieldIsNamed(String type, String field, String value, String reason) throws Exception {
    String json = with(type, field, value);
    assertThatThrownBy(() -> read(type, json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p.share")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
  }

  @Test
  void aTokenEndpointMayHaveAQuery() throws Exception {
    String json = with("oauth_client_credentials", "tokenEndpoint", "'https://i/t?p=x'");
    assertThat(((ClientCredentials) read("oauth_client_credentials", json)).tokenEndpoint())
        .isEqualTo("https://i/t?p=x");
  }

  /** Options have no objects: the fields of those stand beside each other. */
  @Test
  void aPrivateKeyInOptions() {
    Map<String, String> options =
        Map.of(
            "type", "OAuth_JWT_bearer_private_key_jwt",
            "endpoint", "https://s",
            "tokenEndpoint", "https://i/t",
            "clientId", "c",
            "issuer", "i",
            "audience", "a",
            "privateKeyFile", "f",
            "keyId", "k",
            "algorithm", "es256");
    InlineCredential inline =
        InlineCredential.of("given by options", UnaryOperator.identity(), options::get);
    PrivateKeyJwt credential =
        (PrivateKeyJwt) Credential.of(PrivateKeyJwt.TYPE, ProfileFields.of(inline));
    assertThat(credential.privateKey()).isEqualTo(new AssertionKey("f", "k", JwtAlgorithm.ES256));
  }

  @Test
  void aWorkloadsFileThatHoldsNoTokenIsNamed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("token");
    Instant now = Instant.parse("2026-01-31T00:00:00Z");
    for (String[] content :
        new String[][] {
          {"", "holds no token"},
          {"canary two", "holds no token"},
          {"x".repeat(70_000), "it is another file"},
          // Its exp is the first second of 2026.
          {"e30.eyJleHAiOjE3NjcyMjU2MDB9.canary", "expired at 2026-01-01T00:00:00Z"}
        }) {
      Files.writeString(file, content[0]);
      assertThatThrownBy(() -> TokenFile.read("p.share", file.toString(), now))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("its workload token at " + file)
          .hasMessageContaining(content[1])
          .hasMessageNotContaining("canary");
    }
    assertThatThrownBy(() -> TokenFile.read("p.share", "env:NO_SUCH_VARIABLE", now))
        .hasMessageContaining("its workload token at env:NO_SUCH_VARIABLE is not set");
    assertThatThrownBy(() -> TokenFile.read("p.share", directory + "/none", now))
        .hasMessageContaining("does not exist on the driver");
    assertThatThrownBy(() -> TokenFile.read("p.share", directory.toString(), now))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aProfileThatExpiresSoonIsWarnedOfOnce() {
    Instant now = Instant.now();
    String origin = "soon-" + now + ".share";
    try (LogCapture log = LogCapture.of(ExpiryWarnings.class, Level.WARN)) {
      ExpiryWarnings.warn(origin, null, now);
      ExpiryWarnings.warn(origin, now.plus(Duration.ofDays(8)), now);
      assertThat(log.lines()).isEmpty();
      Instant end = now.plus(Duration.ofDays(6));
      for (int i = 0; i < 3; i++) {
        ExpiryWarnings.warn(origin, end, now);
      }
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("The profile " + origin + " expires at " + end);
      for (int i = 0; i < 3; i++) {
        ExpiryWarnings.warn(origin, end.plusSeconds(1), now);
        ExpiryWarnings.warn(origin, end, now);
      }
      assertThat(log.lines()).as("another credential of the same place").hasSize(2);
    }
  }
}
