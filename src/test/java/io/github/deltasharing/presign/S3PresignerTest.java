/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The expected signatures are AWS's documented example's, and botocore 1.44.8's. */
@Tag("unit")
class S3PresignerTest {
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  private static final String TOKEN = "FwoGZXIvYXdzEA+/=token==";
  private static final Instant NOW = Instant.parse("2026-11-28T20:00:00Z");
  private static final S3Credentials USER = S3Credentials.permanent("AKIAIOSFODNN7EXAMPLE", SECRET);

  private static S3Credentials temporary(Instant expiry) {
    return new S3Credentials(
        "ASIAIOSFODNN7EXAMPLE", SECRET, Optional.of(TOKEN), Optional.ofNullable(expiry));
  }

  private static V4Signer local(S3Credentials credentials, long seconds) {
    return new S3Presigner(
            credentials, StoreEndpoint.of("http://127.0.0.1:9000", true), "us-east-1", "data")
        .start(NOW, Duration.ofSeconds(seconds));
  }

  @Test
  void amazonsDocumentedExample() {
    S3Presigner presigner =
        new S3Presigner(
            USER,
            StoreEndpoint.of("https://s3.amazonaws.com", false),
            "us-east-1",
            "examplebucket");
    assertThat(
            presigner
                .start(Instant.parse("2013-05-24T00:00:00Z"), Duration.ofDays(1))
                .get("test.txt"))
        .isEqualTo(
            "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature="
                + "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  }

  @Test
  void aUsersKeyAtAmazons() {
    assertThat(
            new S3Presigner(USER, StoreEndpoint.aws("eu-central-1", false), "eu-central-1", "data")
                .start(NOW, Duration.ofHours(1))
                .get("part-0.parquet"))
        .isEqualTo(
            "https://data.s3.eu-central-1.amazonaws.com/part-0.parquet"
                + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                + "AKIAIOSFODNN7EXAMPLE%2F20261128%2Feu-central-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20261128T200000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature="
                + "d63b587721147808b5322023c7032848861459cd1d1c21345a738d19bda52074");
  }

  @Test
  void aTemporaryKeyAtAnotherStore() {
    assertThat(local(temporary(null), 900).get("sales/day=2026-11-28/part 0+1%20ä.parquet"))
        .startsWith(
            "http://127.0.0.1:9000/data/sales/day%3D2026-11-28/part%200%2B1%2520%C3%A4.parquet?")
        .contains("&X-Amz-Security-Token=FwoGZXIvYXdzEA%2B%2F%3Dtoken%3D%3D&X-Amz-SignedHeaders=")
        .endsWith("=454b6cd7504a18af7b7045d98b1b7043396eff83bbd606f29ff8c5aa1588fadf");
  }

  @Test
  void aListing() {
    assertThat(
            local(temporary(null), 900)
                .sign(
                    "GET",
                    "",
                    Map.of(
                        "list-type", "2",
                        "prefix", "sales/orders/_delta_log/",
                        "start-after", "sales/orders/_delta_log/00000000000000000007.json",
                        "continuation-token", "1/ab+c==")))
        .startsWith("http://127.0.0.1:9000/data?X-Amz-Algorithm=")
        .contains(
            "&X-Amz-SignedHeaders=host&continuation-token=1%2Fab%2Bc%3D%3D&list-type=2"
                + "&prefix=sales%2Forders%2F_delta_log%2F&start-after=sales%2Forders%2F_delta_log")
        .endsWith("=71ddde95db6f0a29826109a8e974efee97f1e27076bc6f19bbd90bbb30976bbe");
  }

  /** Where the bucket is in the host's name, the path of a listing is a slash. */
  @Test
  void aListingOfABucketInTheHostsName() {
    assertThat(
            new S3Presigner(USER, StoreEndpoint.aws("us-east-2", false), "us-east-2", "data")
                .start(NOW, Duration.ofHours(1))
                .sign("GET", "", Map.of("list-type", "2")))
        .startsWith("https://data.s3.us-east-2.amazonaws.com/?X-Amz-");
  }

  @Test
  void stepsUpAndEmptySegmentsAreNamesLikeOthers() {
    assertThat(
            new S3Presigner(USER, StoreEndpoint.aws("cn-north-1", false), "cn-north-1", "data")
                .start(NOW, Duration.ofDays(7))
                .sign("HEAD", "a//b/../c", Map.of()))
        .startsWith("https://data.s3.cn-north-1.amazonaws.com.cn/a//b/../c?")
        .endsWith("=37c1170cfb3cdedbd3aea525aa8412fc1979e82b5971d60b26234a0618782915");
  }

  @Test
  void theDaysKeyIsChangedAtMidnight() {
    S3Presigner presigner =
        new S3Presigner(USER, StoreEndpoint.aws("us-east-1", true), "us-east-1", "data");
    Duration hour = Duration.ofHours(1);
    String today = presigner.start(NOW, hour).get("a");
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    assertThat(presigner.start(tomorrow, hour).get("a"))
        .isEqualTo(
            new S3Presigner(USER, StoreEndpoint.aws("us-east-1", true), "us-east-1", "data")
                .start(tomorrow, hour)
                .get("a"))
        .contains("%2F20261129%2F");
    assertThat(presigner.start(NOW, hour).get("a")).isEqualTo(today);
  }

  @Test
  void aSignerSignsOneAfterTheOther() {
    V4Signer signer = local(USER, 60);
    String first = signer.get("a");
    signer.sign("GET", "", Map.of("list-type", "2"));
    assertThat(signer.get("b")).isNotEqualTo(first);
    assertThat(signer.get("a")).isEqualTo(first);
  }

  @Test
  void aUrlEndsWithTheCredential() {
    V4Signer signer = local(temporary(NOW.plusMillis(90_500)), 3600);
    assertThat(signer.expiry()).isEqualTo(NOW.plusSeconds(90));
    assertThat(signer.get("a")).contains("&X-Amz-Expires=90&");
    assertThatIllegalStateException()
        .isThrownBy(() -> local(temporary(NOW), 3600))
        .withMessage(
            "The credential that signs URLs expired at 2026-11-28T20:00:00Z. Get a new one");
  }

  @Test
  void aUrlIsValidForSevenDaysAtMostAndASecondAtLeast() {
    V4Signer signer = local(USER, Duration.ofDays(30).toSeconds());
    assertThat(signer.expiry()).isEqualTo(NOW.plus(Duration.ofDays(7)));
    assertThat(signer.get("a")).contains("&X-Amz-Expires=604800&");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> local(USER, 0))
        .withMessageContaining("for a second at least");
  }

  @Test
  void theTimeIsInWholeSecondsAndNotLater() {
    V4Signer signer =
        new S3Presigner(USER, StoreEndpoint.aws("us-east-1", true), "us-east-1", "data")
            .start(NOW.plusMillis(999), Duration.ofMillis(2_700));
    assertThat(signer.get("a")).contains("&X-Amz-Date=20261128T200000Z&X-Amz-Expires=2&");
    assertThat(signer.expiry()).isEqualTo(NOW.plusSeconds(2));
  }

  @Test
  void parametersAreNotTheSignatures() {
    V4Signer signer = local(USER, 60);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> signer.sign("GET", "a", Map.of("X-Amz-Expires", "9")))
        .withMessageContaining("X-Amz-Expires");
    assertThatIllegalArgumentException().isThrownBy(() -> signer.sign("GET", "a", Map.of("", "")));
    assertThatIllegalArgumentException().isThrownBy(() -> signer.sign("GET x", "a", Map.of()));
  }

  @Test
  void halfACharacterIsNoName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> local(USER, 60).get("a\ud83d.parquet"))
        .withMessageContaining("not valid Unicode");
    assertThat(local(USER, 60).get("a😀")).contains("/data/a%F0%9F%98%80?");
  }

  @Test
  void nothingSaysTheSecrets() {
    S3Credentials credentials = temporary(NOW);
    S3Presigner presigner =
        new S3Presigner(
            temporary(NOW.plusSeconds(60)),
            StoreEndpoint.aws("us-east-1", true),
            "us-east-1",
            "data");
    V4Signer signer = presigner.start(NOW, Duration.ofSeconds(9));
    assertThat(credentials + " " + presigner + " " + signer)
        .contains("ASIAIOSFODNN7EXAMPLE")
        .doesNotContain(SECRET)
        .doesNotContain(TOKEN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> S3Credentials.permanent("AKIA", SECRET + "\n"))
        .withMessageContaining("secret access key")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
  }
}
