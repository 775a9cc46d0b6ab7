/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.protocol.StoreCredential;
import io.github.deltasharing.protocol.StoreCredential.AzureSas;
import io.github.deltasharing.protocol.StoreCredential.GcpToken;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TemporaryCredential;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class TemporaryCredentialCodecTest {
  private static TemporaryCredential read(String json) throws Exception {
    return TemporaryCredentialCodec.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** PROTOCOL.md's own example. */
  @Test
  void readsTheProtocolsExample() throws Exception {
    assertThat(
            read(
                """
                {
                  "credentials": {
                    "location": "s3://some/path/to/table",
                    "awsTempCredentials": {
                      "accessKeyId": "REDACTED_ACCESS_KEY_ID",
                      "secretAccessKey": "REDACTED_SECRET_ACCESS_KEY",
                      "sessionToken": "REDACTED_SESSION_TOKEN"
                    },
                    "expirationTime": 1718298900000
                  }
                }
                """))
        .isEqualTo(
            new TemporaryCredential(
                "s3://some/path/to/table",
                new S3Keys(
                    S3Keys.AWS,
                    "REDACTED_ACCESS_KEY_ID",
                    "REDACTED_SECRET_ACCESS_KEY",
                    "REDACTED_SESSION_TOKEN",
                    null,
                    null,
                    null),
                1718298900000L));
  }

  static Stream<TemporaryCredential> all() {
    return Stream.of(
        new TemporaryCredential(
            "s3a://b/t",
            new S3Keys(S3Keys.AWS, "id", "secret", "token", "http://s3:9000", "eu-1", true),
            7L),
        new TemporaryCredential(
            "s3a://b/t", new S3Keys(S3Keys.AWS, "id", "secret", null, null, null, false), 7L),
        new TemporaryCredential(
            null, new S3Keys(S3Keys.R2, "id", "secret", "token", null, null, null), 7L),
        new TemporaryCredential("abfss://c@a.x/t", new AzureSas("sv=1&sig=x%3D"), 7L),
        new TemporaryCredential("gs://b/t", new GcpToken("ya29.x"), null),
        new TemporaryCredential("x://b/t", new StoreCredential.Unknown("tapeCredentials"), 7L));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsWrittenIsRead(TemporaryCredential sent) throws Exception {
    assertThat(read(TemporaryCredentialCodec.write(sent).toString())).isEqualTo(sent);
  }

  @ParameterizedTest
  @MethodSource("all")
  void noTextShowsASecret(TemporaryCredential sent) {
    assertThat(sent.toString())
        .doesNotContain("secret")
        .doesNotContain("token]")
        .doesNotContain("=token")
        .doesNotContain("sig")
        .doesNotContain("ya29");
  }

  @Test
  void nullsAndNewFieldsAreNone() throws Exception {
    TemporaryCredential read =
        read(
            "{\"new\":[{}],\"credentials\":{\"location\":null,\"awsTempCredentials\":null,\"new\":{\"a\":1},"
                + "\"azureUserDelegationSas\":{\"sasToken\":\"s\",\"new\":[[1]]},\"gcpOauthToken\":null,"
                + "\"expirationTime\":\"1718298900000\"}}");
    assertThat(read).isEqualTo(new TemporaryCredential(null, new AzureSas("s"), 1718298900000L));
  }

  @Test
  void aKindThatNobodyKnowsIsKeptByNameIfTheNameIsOne() throws Exception {
    assertThat(read("{\"credentials\":{\"ibmCosV2\":{\"key\":\"x\"}}}").credential().kind())
        .isEqualTo("ibmCosV2");
    assertThat(read("{\"credentials\":{\"a secret?\":{\"key\":\"x\"}}}").credential().kind())
        .isEqualTo("another kind");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|the response is empty",
        "[]|the response is not a JSON object",
        "<html>canary</html>|the response is not JSON",
        "{\"credentials\":{\"awsTemp|the response ends in the middle of its JSON",
        "{}|the response has no 'credentials'",
        "{\"credentials\":null}|the response has no 'credentials'",
        "{\"credentials\":[]}|the response has no 'credentials'",
        "{\"credentials\":{}}|'credentials' has no credential",
        "{\"credentials\":{\"awsTempCredentials\":{}}}|in the response, 'awsTempCredentials' has no 'accessKeyId'",
        "{\"credentials\":{\"awsTempCredentials\":\"canary\"}}|in the response, 'awsTempCredentials' has no 'accessKeyId'",
        "{\"credentials\":{\"r2Credentials\":{\"accessKeyId\":\"canary\"}}}|in the response, 'r2Credentials' has no 'secretAccessKey'",
        "{\"credentials\":{\"gcpOauthToken\":{\"oauthToken\":\" \"}}}|in the response, 'gcpOauthToken' has no 'oauthToken'",
        "{\"credentials\":{\"gcpOauthToken\":{\"oauthToken\":\"canary\\r\\nX: y\"}}}|its 'oauthToken' has control characters",
        "{\"credentials\":{\"gcpOauthToken\":{\"oauthToken\":\"canary\"},\"azureUserDelegationSas\":{\"sasToken\":\"canary\"}}}"
            + "|'credentials' has more than one credential",
        "{\"credentials\":{\"expirationTime\":99999999999999999999}}|the response is JSON with a number that is out of range (line 1)",
      })
  void whatIsNotTheProtocolsIsRefusedWithoutQuotingIt(String body, String reason) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessage(reason)
        .hasMessageNotContaining("canary");
  }

  @Test
  void sizesAreLimited() {
    String longToken = "x".repeat(TemporaryCredentialCodec.LONGEST_VALUE + 1);
    assertThatThrownBy(
            () ->
                read(
                    "{\"credentials\":{\"gcpOauthToken\":{\"oauthToken\":\"" + longToken + "\"}}}"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessage("its 'oauthToken' is longer than 65536 characters");
    String padding = " ".repeat(TemporaryCredentialCodec.LONGEST_RESPONSE);
    assertThatThrownBy(() -> read("{" + padding + "}"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessage("the response is longer than 1048576 bytes");
    assertThatThrownBy(() -> read("{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("beyond a limit of the reader");
  }
}
