/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.testing.S3Store;
import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Some of the tables in a store of their own process, s3proxy, shared by URLs and by directory,
 * over several {@link Link}s to the server and to the store. Nothing is started before the first
 * read.
 */
final class Buckets implements AutoCloseable {
  static final List<Link> LINKS = List.of(Link.DIRECT, Link.DELAYED);

  private static final List<String> TABLES =
      List.of(BenchmarkTables.SMALL_FILES, BenchmarkTables.MEDIUM_FILES);

  private final SparkSession spark;
  private final BenchmarkTables tables;
  private final Path directory;
  private final Map<Link, Path> profiles = new HashMap<>();
  private final List<AutoCloseable> started = new ArrayList<>();
  private String bucket;

  /**
   * @param directory gets the profiles
   */
  Buckets(SparkSession spark, BenchmarkTables tables, Path directory) {
    this.spark = spark;
    this.tables = tables;
    this.directory = directory;
  }

  Dataset<Row> read(Link link, String accessMode, String table) {
    return spark
        .read()
        .format("deltaSharing")
        .option("accessMode", accessMode)
        .load(profile(link) + "#share.schema." + table);
  }

  private Path profile(Link link) {
    return profiles.computeIfAbsent(
        link,
        each -> {
          try {
            return start(each);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private Path start(Link link) throws IOException {
    S3Store store = S3Store.shared();
    if (bucket == null) {
      bucket = store.newBucket("benchmarks");
      TABLES.forEach(table -> store.copy(tables.path(table), bucket, table + "/"));
    }
    Path config = directory.resolve("s3" + link.suffix() + ".yaml");
    Files.writeString(config, config(store, through(store.endpoint(), link)));
    SharingServer server = SharingServer.start(ShareConfig.read(config));
    started.add(server);
    Path profile = directory.resolve("s3" + link.suffix() + ".share");
    TestShare.writeProfile(profile, through(server.uri(), link).toString(), TestShare.CANARY);
    return profile;
  }

  private URI through(URI behind, Link link) throws IOException {
    if (link.isDirect()) {
      return behind;
    }
    ShapingRelay relay = new ShapingRelay(behind, link);
    started.add(relay);
    return relay.uri();
  }

  private String config(S3Store store, URI publicEndpoint) {
    S3Store.Key key = store.newKey(bucket);
    StringBuilder yaml =
        new StringBuilder("version: 1\nport: 0\nauthorization: {bearerToken: %s}\nstorage:\n")
            .append("- prefix: s3a://\n  publicEndpoint: %s\n  accessModes: [url, dir]\n")
            .append("  credentials: {type: static, accessKeyId: %s, secretAccessKey: %s}\n")
            .append("  hadoop:\n");
    S3Store.hadoop(store.endpoint(), key)
        .forEach((name, value) -> yaml.append("    %s: '%s'\n".formatted(name, value)));
    yaml.append("shares:\n- name: share\n  schemas:\n  - name: schema\n    tables:\n");
    for (String table : TABLES) {
      yaml.append(
          "    - {name: %1$s, location: 's3a://%2$s/%1$s', historyShared: true}\n"
              .formatted(table, bucket));
    }
    return yaml.toString().formatted(TestShare.CANARY, publicEndpoint, key.id(), key.secret());
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable each : started) {
      each.close();
    }
  }
}
