/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.objectstore;

import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.Recipient;
import io.github.deltasharing.testing.S3Relay;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Tables in a bucket, shared as {@code share.schema.<name>} by a server of their own, which reads
 * the store itself, while recipients reach it through a relay. Close it after use.
 */
final class StoredShare implements Recipient, AutoCloseable {
  private final SharingServer server;
  private final Path profile;

  private StoredShare(SharingServer server, Path profile) {
    this.server = server;
    this.profile = profile;
  }

  /**
   * Starts the server.
   *
   * @param directory for its files
   * @param locations of the tables, by their names
   * @param key what it reads and signs with
   * @param settings lines of the storage's entry, or of the file
   */
  static StoredShare start(
      Path directory,
      Map<String, String> locations,
      S3Store.Key key,
      S3Relay relay,
      String settings)
      throws IOException {
    StringBuilder yaml =
        new StringBuilder("version: 1\nport: 0\nauthorization: {bearerToken: %s}\n")
            .append("storage:\n- prefix: s3a://\n  publicEndpoint: %s\n  hadoop:\n");
    S3Store.hadoop(S3Store.shared().endpoint(), key)
        .forEach((name, value) -> yaml.append("    %s: '%s'\n".formatted(name, value)));
    yaml.append(settings)
        .append("shares:\n- name: share\n  schemas:\n  - name: schema\n    tables:\n");
    locations.forEach(
        (name, location) ->
            yaml.append(
                "    - {name: %s, location: '%s', historyShared: true}\n"
                    .formatted(name, location)));
    Path config = Files.createTempFile(directory, "share", ".yaml");
    Files.writeString(config, yaml.toString().formatted(TestShare.CANARY, relay.endpoint()));
    SharingServer server = SharingServer.start(ShareConfig.read(config));
    Path profile = Files.createTempFile(directory, "config", ".share");
    TestShare.writeProfile(profile, server.uri().toString(), TestShare.CANARY);
    return new StoredShare(server, profile);
  }

  SharingServer server() {
    return server;
  }

  Path profile() {
    return profile;
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  @Override
  public void close() {
    server.close();
  }
}
