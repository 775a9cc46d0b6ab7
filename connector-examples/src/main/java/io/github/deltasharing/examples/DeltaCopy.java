/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A copy of a shared table as a Delta table, brought up to date by each batch of a stream of its
 * changes with a MERGE. Needs Delta Lake in the session, which the connector itself does not. A
 * batch that is done again after a crash comes to the same, for it sets the same rows. A new
 * checkpoint begins the copy anew.
 */
public final class DeltaCopy implements VoidFunction2<Dataset<Row>, Long> {
  private final String directory;
  private final List<String> keys;

  /**
   * @param directory of the Delta table, for this copy alone; the first batch makes it
   * @param keys columns that identify a row of the table
   */
  public DeltaCopy(String directory, List<String> keys) {
    this.directory = directory;
    this.keys = List.copyOf(keys);
  }

  @Override
  public void call(Dataset<Row> changes, Long batch) {
    // A MERGE reads what it merges more than once.
    Dataset<Row> latest = LatestChanges.of(changes, keys).persist();
    try {
      Dataset<Row> rows = LatestChanges.rows(latest);
      if (batch == 0) {
        rows.write()
            .format("delta")
            .mode(SaveMode.Overwrite)
            .option("overwriteSchema", "true")
            .save(directory);
      } else {
        addNewColumns(rows);
        merge(latest);
      }
    } finally {
      latest.unpersist();
    }
  }

  /** Columns that the shared table got since the last start; MERGE would leave them out. */
  private void addNewColumns(Dataset<Row> rows) {
    Dataset<Row> copy = rows.sparkSession().read().format("delta").load(directory);
    if (!Arrays.asList(copy.columns()).containsAll(Arrays.asList(rows.columns()))) {
      rows.limit(0)
          .write()
          .format("delta")
          .mode(SaveMode.Append)
          .option("mergeSchema", "true")
          .save(directory);
    }
  }

  private void merge(Dataset<Row> latest) {
    latest.createOrReplaceTempView("latest_changes");
    latest
        .sparkSession()
        .sql(
            """
            MERGE INTO delta.`%s` copy USING latest_changes latest ON %s
            WHEN MATCHED AND latest._change_type IN ('delete', 'update_preimage') THEN DELETE
            WHEN MATCHED THEN UPDATE SET *
            WHEN NOT MATCHED AND latest._change_type IN ('insert', 'update_postimage') THEN INSERT *
            """
                .formatted(directory, sameKey()));
  }

  private String sameKey() {
    return keys.stream()
        .map(key -> "copy.`%1$s` <=> latest.`%1$s`".formatted(key))
        .collect(joining(" AND "));
  }
}
