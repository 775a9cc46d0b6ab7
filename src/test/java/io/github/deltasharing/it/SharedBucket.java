/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubRequest;
import io.github.deltasharing.testing.StubServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tables in a bucket, and a sharing server that offers their directories and nothing else: it knows
 * where they are, and gives credentials. Close it after use.
 */
final class SharedBucket implements AutoCloseable {
  private static final Pattern TABLE =
      Pattern.compile(".*/tables/([^/?]+)(/temporary-table-credentials)?");

  private final S3Store store = S3Store.shared();
  private final String bucket = store.newBucket("shared");
  private final StubServer server = new StubServer().onAnything(this::answer);
  private final S3Store.Key key;
  private final String token;
  private final URI endpoint;

  /**
   * @param key of the credentials, a text that only they have
   * @param token of their session
   */
  SharedBucket(String key, String token) {
    this(key, token, S3Store.shared().endpoint());
  }

  /** The same, and recipients are told another place of the store. */
  SharedBucket(String key, String token, URI endpoint) {
    this.key = store.newKeyOf(key, bucket);
    this.token = token;
    this.endpoint = endpoint;
  }

  /** Copies a table there. */
  SharedBucket with(Path table) {
    store.copy(table, bucket, table.getFileName() + "/");
    return this;
  }

  private StubAnswer answer(StubRequest request) {
    Matcher asked = TABLE.matcher(request.target());
    if (!asked.matches()) {
      return StubAnswer.error(404, "RESOURCE_DOES_NOT_EXIST", "there are directories only");
    }
    String location = "s3://" + bucket + "/" + asked.group(1);
    if (asked.group(2) == null) {
      return StubAnswer.json(
          "{\"name\":\"%s\",\"accessModes\":[\"dir\"],\"location\":\"%s\"}"
              .formatted(asked.group(1), location));
    }
    return StubAnswer.json(
        ("{\"credentials\":{\"location\":\"%s\",\"awsTempCredentials\":{\"accessKeyId\":\"%s\","
                + "\"secretAccessKey\":\"%s\",\"sessionToken\":\"%s\",\"endpoint\":\"%s\",\"region\":\"%s\","
                + "\"pathStyleAccess\":true},\"expirationTime\":%d}}")
            .formatted(
                location,
                key.id(),
                key.secret(),
                token,
                endpoint,
                S3Store.REGION,
                Instant.now().plus(Duration.ofHours(12)).toEpochMilli()));
  }

  /** The sharing server. */
  String uri() {
    return server.url("/api");
  }

  /** Writes a recipient's profile. */
  void writeProfile(Path profile) throws IOException {
    ServerJar.writeProfile(profile, uri(), "directories");
  }

  @Override
  public void close() {
    server.close();
  }
}
