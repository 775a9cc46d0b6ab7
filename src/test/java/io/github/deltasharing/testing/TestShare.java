/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Delta tables in a directory, shared as {@code share.schema.<directory name>} by a server of their
 * own, with a recipient's profile. Records what the server was asked. Close it after use.
 */
public final class TestShare implements Recipient, AutoCloseable {
  /** A token that must turn up nowhere. Made at run time: no class file holds it. */
  public static final String CANARY = "canary-" + UUID.randomUUID();

  private final SharingServer server;
  private final Path profile;
  private final Queue<AccessRecord> records = new ConcurrentLinkedQueue<>();

  private TestShare(Path directory, List<String> tables, Consumer<ShareConfigBuilder> settings) {
    ShareConfigBuilder config = ShareConfig.builder().port(0).bearerToken(CANARY);
    tables.forEach(table -> config.table("share", "schema", table, directory.resolve(table)));
    settings.accept(config);
    this.server = SharingServer.start(config.build(), records::add);
    this.profile = directory.resolve("config-" + server.uri().getPort() + ".share");
    writeProfile(profile, server.uri().toString(), CANARY);
  }

  /** Shares the tables in these directories. */
  public static TestShare of(Path directory, List<String> tables) {
    return new TestShare(directory, tables, config -> {});
  }

  /** The same with settings of the server. */
  public static TestShare of(
      Path directory, List<String> tables, Consumer<ShareConfigBuilder> settings) {
    return new TestShare(directory, tables, settings);
  }

  /** The same with the tables' whole history. */
  public static TestShare withHistory(Path directory, List<String> tables) {
    return withHistory(directory, tables, config -> {});
  }

  /** The same with settings of the server. */
  public static TestShare withHistory(
      Path directory, List<String> tables, Consumer<ShareConfigBuilder> settings) {
    return new TestShare(
        directory,
        List.of(),
        config -> {
          tables.forEach(
              table ->
                  config.table(
                      new SharedTable(
                          "share",
                          "schema",
                          table,
                          directory.resolve(table).toUri(),
                          "",
                          true,
                          0)));
          settings.accept(config);
        });
  }

  /** Writes a version 1 profile. */
  public static void writeProfile(Path file, String endpoint, String token) {
    try {
      Files.writeString(
          file,
          "{\"shareCredentialsVersion\":1,\"endpoint\":\"%s\",\"bearerToken\":\"%s\"}"
              .formatted(endpoint, token));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path profile() {
    return profile;
  }

  public SharingServer server() {
    return server;
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  /** What the server answered since the last call, as a count of each endpoint. */
  public Map<String, Integer> takeRequests() {
    Map<String, Integer> counts = new TreeMap<>();
    for (AccessRecord record = records.poll(); record != null; record = records.poll()) {
      counts.merge(record.endpoint(), 1, Integer::sum);
    }
    return counts;
  }

  @Override
  public void close() {
    server.close();
  }
}
