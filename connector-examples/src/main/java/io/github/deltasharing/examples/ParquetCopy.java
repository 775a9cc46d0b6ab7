/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A copy of a shared table in Parquet files, brought up to date by each batch of a stream of its
 * changes. Every batch writes the whole copy anew, into {@code <directory>/batch-<id>}: the copy of
 * the batch before it, with the batch's changes. So a batch that is done again after a crash comes
 * to the same, and readers see a batch wholly or not at all. For copies too large to be written
 * that often, see {@link DeltaCopy}.
 */
public final class ParquetCopy implements VoidFunction2<Dataset<Row>, Long> {
  private static final String PREFIX = "batch-";

  private final String directory;
  private final List<String> keys;

  /**
   * @param directory of this copy alone, on any Hadoop file system
   * @param keys columns that identify a row of the table
   */
  public ParquetCopy(String directory, List<String> keys) {
    this.directory = directory;
    this.keys = List.copyOf(keys);
  }

  /** The copy as the last finished batch left it. */
  public Dataset<Row> read(SparkSession spark) throws IOException {
    NavigableSet<Long> batches = finishedBatches(fileSystem(spark));
    if (batches.isEmpty()) {
      throw new FileNotFoundException("No batch is finished in " + directory);
    }
    return spark.read().parquet(path(batches.last()).toString());
  }

  @Override
  public void call(Dataset<Row> changes, Long batch) throws IOException {
    SparkSession spark = changes.sparkSession();
    FileSystem files = fileSystem(spark);
    NavigableSet<Long> batches = finishedBatches(files);
    Long before = batch == 0 ? null : Long.valueOf(batch - 1);
    if (batches.higher(batch) != null || (before != null && !batches.contains(before))) {
      throw new IllegalStateException(
          "%s has the batches %s, which the stream's batch %d does not follow: the checkpoint is not the copy's. Start with an empty directory and a new checkpoint."
              .formatted(directory, batches, batch));
    }
    // Used twice: to find the rows that stay, and as the new rows.
    Dataset<Row> latest = LatestChanges.of(changes, keys).persist();
    try {
      Dataset<Row> rows = LatestChanges.rows(latest);
      if (before != null) {
        Dataset<Row> copy = spark.read().parquet(path(before).toString());
        Dataset<Row> untouched = copy.join(latest, sameKey(copy, latest), "left_anti");
        // A column that the table got since is null in rows from before.
        rows = rows.unionByName(untouched, true);
      }
      rows.write().mode(SaveMode.Overwrite).parquet(path(batch).toString());
    } finally {
      latest.unpersist();
    }
    // The one before stays: for readers that have just begun, and for this batch done again.
    if (before != null) {
      for (long old : batches.headSet(before, false)) {
        files.delete(path(old), true);
      }
    }
  }

  private Column sameKey(Dataset<Row> copy, Dataset<Row> latest) {
    return keys.stream()
        .map(key -> copy.col(key).eqNullSafe(latest.col(key)))
        .reduce(Column::and)
        .orElseThrow();
  }

  private NavigableSet<Long> finishedBatches(FileSystem files) throws IOException {
    NavigableSet<Long> batches = new TreeSet<>();
    Path root = new Path(directory);
    if (files.exists(root)) {
      for (FileStatus status : files.listStatus(root)) {
        Path path = status.getPath();
        // Spark writes the marker when all files are there.
        if (path.getName().startsWith(PREFIX) && files.exists(new Path(path, "_SUCCESS"))) {
          batches.add(Long.parseLong(path.getName().substring(PREFIX.length())));
        }
      }
    }
    return batches;
  }

  private Path path(long batch) {
    return new Path(directory, PREFIX + batch);
  }

  private FileSystem fileSystem(SparkSession spark) throws IOException {
    return new Path(directory).getFileSystem(spark.sessionState().newHadoopConf());
  }
}
