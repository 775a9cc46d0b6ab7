/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.auth.BasicSessionCredentials;
import io.github.deltasharing.server.storage.RequestSigner.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of objects as clients name them, and requests that are signed for them. */
@Tag("unit")
class StoreUrlsTest {
  private static final StoreUrls AWS = new StoreUrls("https://s3.eu-west-1.amazonaws.com", "lake");
  private static final StoreUrls OWN = new StoreUrls("http://store.internal:9000", "my.lake");

  @ParameterizedTest
  @CsvSource({
    "https://s3.eu-west-1.amazonaws.com/lake/t/a.parquet, t/a.parquet, true",
    "https://lake.s3.eu-west-1.amazonaws.com/t/a.parquet, t/a.parquet, false",
    "https://lake.s3.eu-west-1.amazonaws.com:443/t/a.parquet, t/a.parquet, false",
    "HTTPS://LAKE.s3.eu-west-1.amazonaws.com/t/a.parquet, t/a.parquet, false",
    "https://lake.s3.eu-west-1.amazonaws.com/lake/a, lake/a, false",
    "https://s3.eu-west-1.amazonaws.com/lake/d%3D1/%C3%BC%20%25, d=1/ü %, true",
    "https://s3.eu-west-1.amazonaws.com/lake/d=1/a+b, d=1/a+b, true",
  })
  void bothWaysToNameABucketAreRead(String url, String key, boolean inPath) {
    assertThat(AWS.parse(url)).contains(new Target(key, inPath));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://s3.eu-west-1.amazonaws.com/lake/a",
        "https://s3.eu-west-1.amazonaws.com:80/lake/a",
        "https://s3.eu-west-1.amazonaws.com:8443/lake/a",
        "https://s3.eu-west-2.amazonaws.com/lake/a",
        "https://s3.eu-west-1.amazonaws.com/Lake/a",
        "https://s3.eu-west-1.amazonaws.com/lake2/a",
        "https://s3.eu-west-1.amazonaws.com//lake/a",
        "https://lake2.s3.eu-west-1.amazonaws.com/a",
        "https://lake.s3.eu-west-1.amazonaws.com.evil.example/a",
        "https://evil.example/https://lake.s3.eu-west-1.amazonaws.com/a",
        "https://lake.s3.eu-west-1.amazonaws.com@evil.example/a",
        "https://user@lake.s3.eu-west-1.amazonaws.com/a",
        "https://lake.s3.eu-west-1.amazonaws.com",
        "https://lake.s3.eu-west-1.amazonaws.com?a/b",
        "https://lake.s3.eu-west-1.amazonaws.com/a%2",
        "//lake.s3.eu-west-1.amazonaws.com/a",
        "lake/a",
        "://",
        ""
      })
  void otherPlacesAreNotOfTheBucket(String url) {
    assertThat(AWS.parse(url)).isEmpty();
  }

  @Test
  void requestsAreSignedInTheWayThatTheClientNamesTheBucket() {
    for (boolean inPath : List.of(true, false)) {
      SignedRequest signed =
          S3HeaderSigner.sign(
              OWN,
              "eu-west-1",
              new BasicSessionCredentials("id", "canary-secret", "token"),
              new S3HeaderSigner.Unsigned(
                  "GET", new Target("t/d=1/ü +.parquet", inPath), Map.of("range", "bytes=0-9")),
              Instant.parse("2026-11-29T15:00:00Z"));
      String host = inPath ? "store.internal:9000/my.lake" : "my.lake.store.internal:9000";
      assertThat(signed.uri()).isEqualTo("http://" + host + "/t/d%3D1/%C3%BC%20%2B.parquet");
      assertThat(signed.headers())
          .containsOnlyKeys(
              "Authorization", "X-Amz-Date", "X-Amz-Security-Token", "x-amz-content-sha256");
      assertThat(signed.headers().get("X-Amz-Date")).containsExactly("20261129T150000Z");
      assertThat(signed.headers().get("Authorization").get(0))
          .contains(
              "id/20261129/eu-west-1/s3/aws4_request",
              "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,")
          .doesNotContain("canary");
      assertThat(signed.toString()).doesNotContain("token", "Signature");
    }
  }

  @Test
  void aRequestWithoutBodyMaySayTheHashOfNone() {
    String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    SignedRequest signed =
        S3HeaderSigner.sign(
            AWS,
            "eu-west-1",
            new BasicAWSCredentials("id", "secret"),
            new S3HeaderSigner.Unsigned(
                "HEAD", new Target("a", false), Map.of("x-amz-content-sha256", empty)),
            Instant.parse("2026-11-29T15:00:00Z"));
    assertThat(signed.headers()).containsOnlyKeys("Authorization", "X-Amz-Date");
  }
}
