/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;

/**
 * The {@link CorpusTable}s, shared by a server that evaluates all hints correctly and, in front of
 * it, by one {@link HostileServer} of every mode. Close it after use.
 */
public final class Corpus implements AutoCloseable {
  /** What seeds all of a test's randomness; {@code -Dcorpus.seed} replays another run. */
  public static final long SEED = Long.getLong("corpus.seed", 20_261_103L);

  /** A server by its name in messages. */
  public record Source(String name, Recipient recipient) {
    public Dataset<Row> read(CorpusTable table, Map<String, String> options) {
      return recipient.read(table.tableName(), options);
    }
  }

  private final Path directory;
  private final TestShare share;
  private final ReferenceServer reference;
  private final List<HostileServer> hostile;
  private final Map<CorpusTable, Dataset<Row>> inMemory = new EnumMap<>(CorpusTable.class);

  /** Writes the tables below a directory and shares them. */
  public Corpus(Path directory) {
    this.directory = directory;
    List<String> tables = interpreted(() -> CorpusTable.writeAll(directory));
    share = TestShare.of(directory, tables, config -> config.evaluatePredicateHints(true));
    reference = new ReferenceServer(share, ReferenceServer.Release.V1_4);
    hostile =
        Arrays.stream(HostileServer.Mode.values())
            .map(mode -> new HostileServer(share, mode))
            .toList();
  }

  /**
   * The server itself first, then that with the reference server's manners and the hostile ones.
   */
  public List<Source> sources() {
    List<Source> sources = new ArrayList<>(List.of(new Source("the server", share)));
    sources.add(new Source("the reference server", reference));
    hostile.forEach(server -> sources.add(new Source(server.mode().name(), server)));
    return sources;
  }

  /** How many files the hostile servers have left out so far, by hints. */
  public long filesDropped() {
    return hostile.stream()
        .flatMap(server -> server.takeQueries().stream())
        .mapToLong(HostileServer.Query::dropped)
        .sum();
  }

  /** The table as Delta Lake reads it. */
  public Dataset<Row> delta(CorpusTable table) {
    return table.delta(directory);
  }

  /** The rows that Delta Lake reads, read once. */
  public Dataset<Row> rows(CorpusTable table) {
    return inMemory.computeIfAbsent(table, name -> delta(name).coalesce(1).localCheckpoint());
  }

  /**
   * With as little overhead as Spark can have: no code is compiled for queries of which none comes
   * twice, and the tables' files are read in one task.
   */
  public static <T> T interpreted(Supplier<T> step) {
    return with(
        Map.of(
            "spark.sql.codegen.wholeStage", "false",
            "spark.sql.codegen.factoryMode", "NO_CODEGEN",
            "spark.sql.files.minPartitionNum", "1",
            "spark.sql.shuffle.partitions", "1"),
        step);
  }

  /** With some of the session's settings, which have their values back after it. */
  public static <T> T with(Map<String, String> settings, Supplier<T> step) {
    RuntimeConfig conf = TestSpark.session().conf();
    Map<String, String> before = new HashMap<>();
    settings.keySet().forEach(name -> before.put(name, conf.get(name, null)));
    settings.forEach(conf::set);
    try {
      return step.get();
    } finally {
      before.forEach(
          (name, value) -> {
            if (value == null) {
              conf.unset(name);
            } else {
              conf.set(name, value);
            }
          });
    }
  }

  @Override
  public void close() {
    hostile.forEach(HostileServer::close);
    reference.close();
    share.close();
  }
}
