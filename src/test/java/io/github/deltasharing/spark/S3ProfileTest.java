/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.client.Profile;
import io.github.deltasharing.testing.ClosedPort;
import io.github.deltasharing.testing.S3Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Profile files on a store that checks signatures. */
@Tag("unit")
class S3ProfileTest {
  private static final String SECRET = "canary-of-the-profile";

  private final S3Store store = S3Store.shared();
  private final String bucket = store.newBucket("profiles");
  private final S3Store.Key key = store.newKey(bucket);

  @BeforeEach
  void write(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("config.share"),
        "{\"shareCredentialsVersion\":1,\"endpoint\":\"https://h/x\",\"bearerToken\":\"%s\"}"
            .formatted(SECRET));
    store.copy(directory, bucket, "team/");
  }

  private static Profile load(String location, Configuration hadoop) {
    return HadoopProfileSource.of(location, location, hadoop).load();
  }

  private static Configuration hadoop(URI endpoint, S3Store.Key by) {
    Configuration hadoop = new Configuration();
    S3Store.hadoop(endpoint, by).forEach(hadoop::set);
    return hadoop;
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String location, S3Store.Key by) {
    return assertThatThrownBy(() -> load(location, hadoop(store.endpoint(), by)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The profile " + location)
        .hasMessageNotContainingAny(by.secret(), SECRET);
  }

  @Test
  void aProfileIsReadWithTheKeysOfTheConfiguration() {
    String location = "s3a://" + bucket + "/team/config.share";
    assertThat(load(location, hadoop(store.endpoint(), key)).endpoint()).hasToString("https://h/x");
    // Also without a scheme, in the cluster's default file system.
    Configuration ofBucket = hadoop(store.endpoint(), key);
    ofBucket.set("fs.defaultFS", "s3a://" + bucket);
    assertThat(load("/team/config.share", ofBucket).endpoint()).hasToString("https://h/x");
  }

  @Test
  void aMissingFileOrBucketIsNamed() {
    assertRefused("s3a://" + bucket + "/team/other.share", key)
        .hasMessageContaining("does not exist");
    assertRefused("s3a://no-such-bucket/config.share", store.newKey("no-such-bucket"))
        .hasMessageContaining("does not exist");
  }

  @Test
  void aKeyThatMayNotIsRefused() {
    String location = "s3a://" + bucket + "/team/config.share";
    assertRefused(location, store.newKey(store.newBucket("others")))
        .hasMessageContaining("403")
        .hasMessageContaining("permissions");
    assertRefused(location, new S3Store.Key(key.id(), "a-wrong-secret"))
        .hasMessageContaining("403");
  }

  @Test
  @Timeout(60)
  void aStoreThatIsNotThereIsSaidSoon() throws Exception {
    String location = "s3a://" + bucket + "/team/config.share";
    try (ClosedPort closed = new ClosedPort()) {
      URI nobody = URI.create("http://127.0.0.1:" + closed.number());
      long start = System.nanoTime();
      assertThatThrownBy(() -> load(location, hadoop(nobody, key)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The profile " + location + " cannot be read")
          .hasMessageContaining("Connection refused");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }
  }
}
