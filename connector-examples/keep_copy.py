"""Keeps a Delta table as a copy of a shared table: first a snapshot, then what changes.

Needs Delta Lake for the copy, which the connector itself does not:

spark-submit --jars <connector jar> --packages io.delta:delta-spark_2.12:<version> \
  --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension \
  --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog \
  keep_copy.py <profile>#<share>.<schema>.<table> <copy> <checkpoint> <key>[,<key>]
"""

import sys

from pyspark.sql import SparkSession, Window
from pyspark.sql.functions import col, row_number


def latest_changes(changes, keys):
    """The last change of each key; within a commit, the row that it left."""
    leaves_a_row = col("_change_type").isin("insert", "update_postimage")
    newest_first = Window.partitionBy(*keys).orderBy(col("_commit_version").desc(), leaves_a_row.desc())
    return (
        changes.withColumn("_change_rank", row_number().over(newest_first))
        .where("_change_rank = 1")
        .drop("_change_rank")
    )


def merge_into(copy, keys):
    """What to do with each batch. Done again after a crash, it sets the same rows."""
    same_key = " AND ".join(f"copy.`{key}` <=> latest.`{key}`" for key in keys)

    def merge(changes, batch):
        spark = changes.sparkSession
        # A MERGE reads what it merges more than once.
        latest = latest_changes(changes, keys).persist()
        kept = latest.where("_change_type IN ('insert', 'update_postimage')")
        rows = kept.drop("_change_type", "_commit_version", "_commit_timestamp")
        if batch == 0:
            # A new checkpoint begins the copy anew.
            rows.write.format("delta").mode("overwrite").option("overwriteSchema", True).save(copy)
        else:
            if set(rows.columns) - set(spark.read.format("delta").load(copy).columns):
                # Columns that the shared table got since the last start; MERGE would leave them out.
                rows.limit(0).write.format("delta").mode("append").option("mergeSchema", True).save(copy)
            latest.createOrReplaceTempView("latest_changes")
            spark.sql(
                f"""
                MERGE INTO delta.`{copy}` copy USING latest_changes latest ON {same_key}
                WHEN MATCHED AND latest._change_type IN ('delete', 'update_preimage') THEN DELETE
                WHEN MATCHED THEN UPDATE SET *
                WHEN NOT MATCHED AND latest._change_type IN ('insert', 'update_postimage') THEN INSERT *
                """
            )
        latest.unpersist()

    return merge


def main(path, copy, checkpoint, keys):
    spark = SparkSession.builder.appName("keep a copy").getOrCreate()
    (
        spark.readStream.format("deltaSharing")
        .option("readChangeFeed", True)
        .load(path)
        .writeStream.option("checkpointLocation", checkpoint)
        .trigger(processingTime="1 minute")
        .foreachBatch(merge_into(copy, keys.split(",")))
        .start()
        .awaitTermination()
    )


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: keep_copy.py <profile>#<share>.<schema>.<table> <copy> <checkpoint> <key>[,<key>]")
    main(*sys.argv[1:])
