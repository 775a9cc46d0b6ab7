/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.presign.GcsPresigner;
import io.github.deltasharing.presign.GcsServiceAccount;
import io.github.deltasharing.presign.StoreEndpoint;
import io.github.deltasharing.presign.V4Signer;
import io.github.deltasharing.server.config.ConfigException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * URLs of the files of one bucket of Google Cloud Storage, signed with the service account's key
 * that Google's file system for Hadoop signs in with, by its settings. Immutable, safe for use by
 * several threads.
 */
final class GcsUrls implements ObjectUrls {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The newest name first. */
  private static final String[] KEY_FILES = {
    "fs.gs.auth.service.account.json.keyfile", "google.cloud.auth.service.account.json.keyfile"
  };

  private static final String ENDPOINT = "fs.gs.storage.root.url";

  private final GcsPresigner presigner;
  private final Clock clock;

  private GcsUrls(GcsPresigner presigner, Clock clock) {
    this.presigner = presigner;
    this.clock = clock;
  }

  /**
   * The signer for a table's bucket, by Hadoop's settings.
   *
   * @param location {@code gs://bucket/…}
   * @param publicEndpoint where recipients find the store, if it is elsewhere
   */
  static GcsUrls of(
      URI location, Configuration hadoop, Optional<String> publicEndpoint, Clock clock) {
    try {
      StoreEndpoint endpoint =
          publicEndpoint
              .or(() -> Optional.ofNullable(hadoop.getTrimmed(ENDPOINT)))
              .map(text -> StoreEndpoint.of(text, true))
              .orElseGet(StoreEndpoint::google);
      String bucket = Optional.ofNullable(location.getRawAuthority()).orElse("");
      return new GcsUrls(new GcsPresigner(account(hadoop), endpoint, bucket), clock);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("Files of " + location + " cannot be shared: " + e.getMessage(), e);
    }
  }

  private static GcsServiceAccount account(Configuration hadoop) {
    for (String name : KEY_FILES) {
      String file = hadoop.getTrimmed(name, "");
      if (!file.isEmpty()) {
        return read(name, new File(file));
      }
    }
    throw new IllegalArgumentException(
        "URLs are signed with the key of a service account: set " + KEY_FILES[0] + " to its file");
  }

  private static GcsServiceAccount read(String setting, File file) {
    JsonNode account;
    try {
      account = JSON.readTree(file);
    } catch (IOException e) {
      // Without the cause: that of text which is no JSON has parts of it, which is a key.
      throw new IllegalArgumentException(
          setting + " is " + file + ", which cannot be read as JSON: " + e.getClass().getName());
    }
    return GcsServiceAccount.of(
        account.path("client_email").asText(), account.path("private_key").asText());
  }

  @Override
  public PresignedUrl sign(String key, Instant expiry) {
    Instant now = clock.instant();
    V4Signer signer = presigner.start(now, ObjectUrls.lifetime(now, expiry));
    return new PresignedUrl(signer.get(key), signer.expiry());
  }

  @Override
  public String toString() {
    return "GcsUrls[" + presigner + "]";
  }
}
