/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.benchmarks;

import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.share.SharedTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Queries of the server: the delay of the first byte, the whole response, and queries a second from
 * four clients, with the files of the latest version in memory and, as the yardstick, with a replay
 * of the log for each. {@code -Dbenchmarks.main=ServerQueries}; arguments are numbers of files,
 * after {@code iceberg} for an Iceberg table, of which the manifests are read for each.
 */
public final class ServerQueries {
  private static final int CLIENTS = 4;
  private static final int COMMITS = 20;
  private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final String TOKEN = "benchmark";

  private ServerQueries() {}

  /** The time to the first byte and to the last, in seconds, and the length. */
  private record Shot(double first, double whole, long bytes) {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]).toAbsolutePath().normalize();
    List<Integer> sizes = new ArrayList<>();
    boolean iceberg = args.length > 1 && args[1].equals("iceberg");
    List.of(args)
        .subList(iceberg ? 2 : 1, args.length)
        .forEach(size -> sizes.add(Integer.parseInt(size)));
    if (sizes.isEmpty()) {
      sizes.addAll(List.of(1_000, 100_000, 1_000_000));
    }
    int shots = Integer.getInteger("benchmark.pairs", 7);
    System.out.println(
        "| Files | Query | First byte: in memory / replay | Whole: in memory / replay | Ratio | "
            + "Queries a second: in memory / replay | Bytes |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int size : sizes) {
      try (QueriedTable table =
              iceberg
                  ? QueriedIcebergTable.of(directory, size)
                  : QueriedDeltaTable.of(directory, size);
          SharingServer memory = server(table, -1);
          SharingServer replay = server(table, 0)) {
        compare(size, memory.uri(), replay.uri(), size >= 1_000_000 ? Math.min(shots, 3) : shots);
        System.out.printf(
            Locale.ROOT, "| %,d | heap after GC | %d MiB | | | | |%n", size, heap() >> 20);
        append(table, size, memory.uri());
      }
    }
    System.exit(0);
  }

  private static long heap() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static SharingServer server(QueriedTable table, long budget) {
    return SharingServer.start(
        ShareConfig.builder()
            .port(0)
            .bearerToken(TOKEN)
            .fileListCacheBytes(budget)
            .table(new SharedTable("s", "a", "t", table.location(), "", false, 0))
            .build());
  }

  static Map<String, String> bodies(int files) {
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("all files", "{}");
    // In six files: their ranges overlap by that many.
    bodies.put("hint on a number, 6 files", hint("id", "long", "" + 10L * (files / 2)));
    bodies.put(
        "hint on a time, sorted by another", hint("at", "timestamp", "2024-03-03T03:03:03Z"));
    bodies.put("limit of 10", "{\"limitHint\":10}");
    bodies.put("a page of 100", "{\"maxFiles\":100}");
    return bodies;
  }

  private static String hint(String column, String type, String value) {
    return ("{\"jsonPredicateHints\":\"{\\\"op\\\":\\\"equal\\\",\\\"children\\\":["
            + "{\\\"op\\\":\\\"column\\\",\\\"name\\\":\\\"%s\\\",\\\"valueType\\\":\\\"%s\\\"},"
            + "{\\\"op\\\":\\\"literal\\\",\\\"value\\\":\\\"%s\\\",\\\"valueType\\\":\\\"%s\\\"}]}\"}")
        .formatted(column, type, value, type);
  }

  private static void compare(int files, URI memory, URI replay, int shots) throws Exception {
    Shot cold = shoot(memory, "{}");
    System.out.printf(
        Locale.ROOT,
        "| %,d | the first, which collects them | %.3f s | %.3f s | | | %,d |%n",
        files,
        cold.first(),
        cold.whole(),
        cold.bytes());
    for (Map.Entry<String, String> body : bodies(files).entrySet()) {
      List<Shot> ours = new ArrayList<>();
      List<Shot> theirs = new ArrayList<>();
      for (int i = -2; i < shots; i++) {
        Shot one = shoot(memory, body.getValue());
        Shot other = i < 0 && files >= 1_000_000 ? one : shoot(replay, body.getValue());
        if (i >= 0) {
          ours.add(one);
          theirs.add(other);
        }
      }
      if (ours.get(0).bytes() / 100 != theirs.get(0).bytes() / 100) {
        System.err.println("Responses differ: " + ours.get(0) + ", " + theirs.get(0));
      }
      double our = median(ours.stream().map(Shot::whole).toList());
      double their = median(theirs.stream().map(Shot::whole).toList());
      System.out.printf(
          Locale.ROOT,
          "| %,d | %s | %.4f s / %.4f s | %.4f s / %.4f s | **%.3f** | %s / %s | %,d |%n",
          files,
          body.getKey(),
          median(ours.stream().map(Shot::first).toList()),
          median(theirs.stream().map(Shot::first).toList()),
          our,
          their,
          our / their,
          rate(memory, body.getValue()),
          files >= 1_000_000 ? "–" : rate(replay, body.getValue()),
          ours.get(0).bytes());
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String rate(URI server, String body) throws Exception {
    ExecutorService clients =
        Executors.newFixedThreadPool(
            CLIENTS,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            });
    AtomicInteger done = new AtomicInteger();
    long start = System.nanoTime();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      all.add(
          clients.submit(
              () -> {
                while (System.nanoTime() - start < RATE_NANOS) {
                  shoot(server, body);
                  done.incrementAndGet();
                }
                return null;
              }));
    }
    for (Future<?> client : all) {
      client.get();
    }
    clients.shutdown();
    return String.format(Locale.ROOT, "%.1f", done.get() * 1e9 / (System.nanoTime() - start));
  }

  private static Shot shoot(URI server, String body) throws IOException {
    long start = System.nanoTime();
    HttpURLConnection request =
        (HttpURLConnection)
            URI.create(server + "/shares/s/schemas/a/tables/t/query").toURL().openConnection();
    request.setRequestProperty("Authorization", "Bearer " + TOKEN);
    request.setDoOutput(true);
    request.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    long length = 0;
    long first;
    try (InputStream in = request.getInputStream()) {
      byte[] buffer = new byte[1 << 16];
      length = Math.max(0, in.read(buffer));
      first = System.nanoTime();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        length += n;
      }
    }
    return new Shot((first - start) / 1e9, (System.nanoTime() - start) / 1e9, length);
  }

  /** New commits, which the first query after each applies. */
  private static void append(QueriedTable table, int files, URI memory) throws Exception {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      table.commit();
      times.add(shoot(memory, "{\"limitHint\":10}").whole());
    }
    System.out.printf(
        Locale.ROOT,
        "| %,d | limit of 10 after a new commit | | %.4f s | | | |%n",
        files,
        median(times));
  }
}
