/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.testing.TestShare;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** One share behind several {@link Link}s. */
final class Links implements AutoCloseable {
  static final List<Link> ALL =
      List.of(
          Link.DIRECT,
          Link.DELAYED,
          Link.FAR,
          Link.NARROW,
          Link.TLS,
          Link.DELAYED_TLS,
          Link.FAR_TLS);

  private final SparkSession spark;
  private final List<ShapingRelay> relays = new ArrayList<>();
  private final Map<Link, Path> profiles = new LinkedHashMap<>();

  /**
   * @param tlsShare of the same tables, with TLS
   * @param directory gets the profiles
   */
  Links(SparkSession spark, TestShare share, TestShare tlsShare, Path directory)
      throws IOException {
    this.spark = spark;
    for (Link link : ALL) {
      TestShare of = link.tls() ? tlsShare : share;
      if (link.isDirect()) {
        profiles.put(link, of.profile());
      } else {
        ShapingRelay relay = new ShapingRelay(of.server().uri(), link);
        relays.add(relay);
        Path profile = directory.resolve("link" + link.suffix() + ".share");
        TestShare.writeProfile(profile, relay.uri().toString(), TestShare.CANARY);
        profiles.put(link, profile);
      }
    }
  }

  Dataset<Row> read(Link link, String table) {
    return spark
        .read()
        .format("deltaSharing")
        .option("sslTrustAll", link.tls())
        .load(profiles.get(link) + "#share.schema." + table);
  }

  @Override
  public void close() throws IOException {
    for (ShapingRelay relay : relays) {
      relay.close();
    }
  }
}
