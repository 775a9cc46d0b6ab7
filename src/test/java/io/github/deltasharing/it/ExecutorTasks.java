/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * What the cluster test runs on executors. Apart from the test, so that executors load nothing that
 * knows the token.
 */
final class ExecutorTasks {
  private static final AtomicBoolean SCANNED = new AtomicBoolean();

  private ExecutorTasks() {}

  /** The executors that read rows. */
  static final class Ids implements MapPartitionsFunction<Row, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<String> call(Iterator<Row> rows) {
      Set<String> ids = new TreeSet<>();
      rows.forEachRemaining(row -> ids.add(SparkEnv.get().executorId()));
      return ids.iterator();
    }
  }

  /** Keeps every row, and takes its time over it. */
  static final class Slowly implements FilterFunction<Row> {
    private static final long serialVersionUID = 1L;

    private final int every;
    private final int millis;

    /** Waits so long at one row of so many, by their ids. */
    Slowly(int every, int millis) {
      this.every = every;
      this.millis = millis;
    }

    @Override
    public boolean call(Row row) throws InterruptedException {
      if (row.<Long>getAs("id") % every == 0) {
        Thread.sleep(millis);
      }
      return true;
    }
  }

  /**
   * Looks for a secret in a dump of the executor's heap, garbage included; once in each JVM, for
   * the second time it would find what the first one looked for.
   */
  static final class HeapScan implements MapPartitionsFunction<Integer, String> {
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final SecretSearch secret;
    private final SecretSearch control;

    /**
     * @param control a text that must be found, or the scan would prove nothing
     */
    HeapScan(String directory, SecretSearch secret, SecretSearch control) {
      this.directory = directory;
      this.secret = secret;
      this.control = control;
    }

    @Override
    public Iterator<String> call(Iterator<Integer> ignored) throws IOException {
      if (SCANNED.getAndSet(true)) {
        return Set.<String>of().iterator();
      }
      String executor = SparkEnv.get().executorId();
      Path dump = Path.of(directory, "heap-" + executor + ".hprof");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(dump.toString(), false);
      try {
        String found = control.in(dump).containsKey("plain") ? "found" : "not found";
        return Set.of("executor " + executor + ": secret " + secret.in(dump) + ", control " + found)
            .iterator();
      } finally {
        Files.delete(dump);
      }
    }
  }
}
