/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SessionPolicyTest {
  @Test
  void readsOneDirectoryAndNothingElse() {
    assertThat(SessionPolicy.of("aws", URI.create("s3a://bucket/a/t")))
        .isEqualTo(
            "{\"Version\":\"2012-10-17\",\"Statement\":["
                + "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::bucket/a/t/*\"},"
                + "{\"Effect\":\"Allow\",\"Action\":\"s3:ListBucket\",\"Resource\":\"arn:aws:s3:::bucket\","
                + "\"Condition\":{\"StringLike\":{\"s3:prefix\":\"a/t/*\"}}}]}");
  }

  @Test
  void aBucketThatIsATableIsReadWhole() {
    assertThat(SessionPolicy.of("aws-cn", URI.create("s3a://bucket")))
        .contains("\"arn:aws-cn:s3:::bucket/*\"", "\"arn:aws-cn:s3:::bucket\"")
        .doesNotContain("Condition");
  }

  /** Else a table named {@code a*} would open its neighbours. */
  @Test
  void wildcardsAndVariablesInNamesAreLiteral() throws Exception {
    assertThat(SessionPolicy.of("aws", new URI("s3a", "bucket", "/a*b?c${x}\"d", null, null)))
        .contains("\"arn:aws:s3:::bucket/a${*}b${?}c${$}{x}\\\"d/*\"")
        .contains("\"s3:prefix\":\"a${*}b${?}c${$}{x}\\\"d/*\"");
  }

  /** STS refuses a policy with other characters. */
  @Test
  void namesInAllScriptsAreWrittenInAscii() throws Exception {
    String policy = SessionPolicy.of("aws", new URI("s3a", "bucket", "/\u8868 \u00e9", null, null));
    assertThat(policy).matches("[ -~]*");
    assertThat(new ObjectMapper().readTree(policy).at("/Statement/0/Resource").asText())
        .isEqualTo("arn:aws:s3:::bucket/\u8868 \u00e9/*");
  }
}
