/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** What a stretch of a change feed comes to: one change for each key. */
public final class LatestChanges {
  private static final Column LEAVES_A_ROW = col("_change_type").isin("insert", "update_postimage");

  private LatestChanges() {}

  /**
   * The last change of each key. Of several commits the latest one counts. Within a commit, a row
   * that it left counts more than one that it took away: an update has both, an overwrite may
   * delete and insert the same key. An {@code update_preimage} is kept where nothing followed it:
   * the update changed the key itself, and the old key is gone.
   *
   * @param changes rows of a change feed
   * @param keys columns that identify a row of the table
   */
  public static Dataset<Row> of(Dataset<Row> changes, List<String> keys) {
    WindowSpec newestFirst =
        Window.partitionBy(keys.stream().map(changes::col).toArray(Column[]::new))
            .orderBy(col("_commit_version").desc(), LEAVES_A_ROW.desc());
    return changes
        .withColumn("_change_rank", row_number().over(newestFirst))
        .where("_change_rank = 1")
        .drop("_change_rank");
  }

  /** Of the last changes, the rows that are in the table now, with the table's columns only. */
  public static Dataset<Row> rows(Dataset<Row> latest) {
    return latest.where(LEAVES_A_ROW).drop("_change_type", "_commit_version", "_commit_timestamp");
  }
}
