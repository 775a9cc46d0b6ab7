/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.SdkClientException;
import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.AnonymousAWSCredentials;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.auth.BasicSessionCredentials;
import io.github.deltasharing.presign.StoreEndpoint;
import io.github.deltasharing.presign.V4Signer;
import io.github.deltasharing.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether URLs end before what they are signed with. */
@Tag("unit")
class S3SigningTest {
  private static final Duration SESSION = Duration.ofMinutes(30);

  private final MovableClock clock = new MovableClock();

  /** A session that it gets when it is created and at each refresh. */
  private static final class Sessions implements AWSCredentialsProvider {
    private int number = 1;
    private boolean down;

    @Override
    public AWSCredentials getCredentials() {
      return new BasicSessionCredentials("id", "secret", "token-" + number);
    }

    @Override
    public void refresh() {
      if (down) {
        throw new SdkClientException("no STS");
      }
      number++;
    }
  }

  private S3Signing signing(AWSCredentialsProvider provider, Optional<Duration> duration) {
    return new S3Signing(
        provider,
        duration,
        S3Signing.LIFE_OF_INSTANCE,
        StoreEndpoint.of("https://public.example.com:9000", true),
        "eu-west-1",
        "bucket",
        clock);
  }

  private Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  /** As signatures have times. */
  private Instant second(Duration time) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(time);
  }

  @Test
  void aKeyWithoutAnEndSignsForThePublicHost() {
    AWSCredentialsProvider keys = new Fixed(new BasicAWSCredentials("id", "secret"));
    V4Signer signer = signing(keys, Optional.empty()).start(in(Duration.ofHours(1)));
    assertThat(signer.expiry()).isEqualTo(second(Duration.ofHours(1)));
    assertThat(signer.get("dir/a b"))
        .startsWith("https://public.example.com:9000/bucket/dir/a%20b?")
        .contains("X-Amz-Credential=id%2F", "eu-west-1", "X-Amz-Expires=3600")
        .doesNotContain("Security-Token");
  }

  @Test
  void aSessionThatDoesNotSayItsEndSignsForMinutes() {
    V4Signer signer = signing(new Sessions(), Optional.empty()).start(in(Duration.ofHours(1)));
    assertThat(signer.expiry()).isEqualTo(second(S3Signing.LIFE_OF_INSTANCE));
    assertThat(signer.get("x")).contains("X-Amz-Security-Token=token-1");
  }

  /** The SDK renews a web identity's session as late as a minute before its end. */
  @Test
  void sessionsOfOtherProvidersSignForAMinute() {
    Configuration settings = new Configuration(false);
    assertThat(S3Bucket.leastLeft(settings)).isEqualTo(S3Signing.LIFE_OF_INSTANCE);
    String key = "fs.s3a.aws.credentials.provider";
    settings.set(
        key,
        "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider,"
            + "org.apache.hadoop.fs.s3a.auth.IAMInstanceCredentialsProvider");
    assertThat(S3Bucket.leastLeft(settings)).isEqualTo(S3Signing.LIFE_OF_INSTANCE);
    settings.set(key, "com.amazonaws.auth.WebIdentityTokenCredentialsProvider");
    assertThat(S3Bucket.leastLeft(settings)).isEqualTo(S3Signing.LIFE_OF_UNKNOWN);
  }

  @Test
  void aSessionIsRenewedWhenLittleOfItIsLeftAndUrlsEndWithIt() {
    Sessions sessions = new Sessions();
    S3Signing signing = signing(sessions, Optional.of(SESSION));
    // When it was got is not known of the one that is there already.
    V4Signer first = signing.start(in(Duration.ofHours(1)));
    assertThat(sessions.number).isEqualTo(2);
    assertThat(first.expiry()).isEqualTo(second(SESSION));
    Instant end = first.expiry();
    clock.forwardMillis(Duration.ofMinutes(14).toMillis());
    assertThat(signing.start(in(Duration.ofHours(1))).expiry()).isEqualTo(end);
    assertThat(sessions.number).isEqualTo(2);
    clock.forwardMillis(Duration.ofMinutes(2).toMillis());
    // Enough is left for short URLs, not for long ones.
    assertThat(signing.start(in(Duration.ofMinutes(5))).expiry())
        .isEqualTo(second(Duration.ofMinutes(5)));
    assertThat(sessions.number).isEqualTo(2);
    V4Signer renewed = signing.start(in(Duration.ofHours(1)));
    assertThat(sessions.number).isEqualTo(3);
    assertThat(renewed.expiry()).isEqualTo(second(SESSION));
    assertThat(renewed.get("x")).contains("X-Amz-Security-Token=token-3");
  }

  @Test
  void aSessionThatTheSdkRenewedIsNotTakenForTheOldOne() {
    Sessions sessions = new Sessions();
    S3Signing signing = signing(sessions, Optional.of(SESSION));
    signing.start(in(Duration.ofMinutes(1)));
    clock.forwardMillis(Duration.ofMinutes(1).toMillis());
    sessions.refresh();
    V4Signer signer = signing.start(in(Duration.ofHours(1)));
    assertThat(signer.expiry()).isEqualTo(second(SESSION));
    assertThat(signer.get("x")).contains("token-" + sessions.number);
  }

  @Test
  void aSessionThatCannotBeRenewedServesToItsEnd() {
    Sessions sessions = new Sessions();
    S3Signing signing = signing(sessions, Optional.of(SESSION));
    Instant end = signing.start(in(Duration.ofHours(1))).expiry();
    sessions.down = true;
    clock.forwardMillis(Duration.ofMinutes(29).toMillis());
    assertThat(signing.start(in(Duration.ofHours(1))).expiry()).isEqualTo(end);
    clock.forwardMillis(Duration.ofMinutes(1).toMillis());
    assertThatThrownBy(() -> signing.start(in(Duration.ofHours(1))))
        .isInstanceOf(SdkClientException.class);
  }

  @Test
  void nothingIsSignedWithoutAKey() {
    S3Signing signing = signing(new Fixed(new AnonymousAWSCredentials()), Optional.empty());
    assertThatThrownBy(() -> signing.start(in(SESSION))).isInstanceOf(IllegalStateException.class);
  }

  private record Fixed(AWSCredentials credentials) implements AWSCredentialsProvider {
    @Override
    public AWSCredentials getCredentials() {
      return credentials;
    }

    @Override
    public void refresh() {}
  }
}
