package io.github.deltasharing.benchmarks;

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
  private static final long LATENCY_MILLIS = 30;

  private Benchmarks() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]).toAbsolutePath().normalize();
    List<String> keys = List.of(args).subList(1, args.length);
    Shots shots = new Shots(WARM_UPS, Integer.getInteger("benchmark.pairs", 7));
    BenchmarkTables tables = new BenchmarkTables(directory.resolve("tables"));
    tables.write();
    List<Result> results = new ArrayList<>();
    SparkSession spark = Sessions.builder().getOrCreate();
    try (TestShare share = TestShare.of(directory.resolve("tables"), BenchmarkTables.ALL);
        LatencyRelay relay = new LatencyRelay(share.server().uri(), LATENCY_MILLIS);
        Planning planning = new Planning(directory)) {
      Path slow = directory.resolve("slow.share");
      TestShare.writeProfile(slow, relay.uri().toString(), TestShare.CANARY);
      List<Comparison> all = new ArrayList<>(new Scans(spark, tables, share, slow).all());
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
