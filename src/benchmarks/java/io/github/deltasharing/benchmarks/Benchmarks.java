/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.testing.TestShare;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the benchmarks and prints a Markdown table.
 *
 * <p>Arguments: the directory of the tables, then the keys of the comparisons to run, or none for
 * all. The system property {@code benchmark.pairs} says how often each is measured.
 */
public final class Benchmarks {
  private static final int WARM_UPS = 3;

  private Benchmarks() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]).toAbsolutePath().normalize();
    List<String> keys = List.of(args).subList(1, args.length);
    Shots shots = new Shots(WARM_UPS, Integer.getInteger("benchmark.pairs", 7));
    BenchmarkTables tables = new BenchmarkTables(directory.resolve("tables"));
    tables.write();
    List<Result> results = new ArrayList<>();
    SparkSession spark = Sessions.builder().getOrCreate();
    Path files = directory.resolve("tables");
    try (TestShare share = TestShare.of(files, BenchmarkTables.ALL);
        TestShare tlsShare =
            TestShare.of(
                files, BenchmarkTables.ALL, config -> config.tls(TlsConfig.ofSelfSigned()));
        Links links = new Links(spark, share, tlsShare, directory);
        Buckets buckets = new Buckets(spark, tables, directory);
        Planning planning = new Planning(directory)) {
      List<Comparison> all = new ArrayList<>(new Scans(spark, tables, links, buckets).all());
      all.add(planning.comparison());
      for (Comparison comparison : all) {
        if (keys.isEmpty() || keys.contains(comparison.key())) {
          results.add(shots.of(comparison));
          System.err.println(results.get(results.size() - 1).row());
        }
      }
    } finally {
      spark.stop();
    }
    System.out.println(Result.HEADER);
    results.forEach(result -> System.out.println(result.row()));
    // Jetty's and the HTTP clients' idle threads would keep the JVM for a while.
    System.exit(0);
  }
}
