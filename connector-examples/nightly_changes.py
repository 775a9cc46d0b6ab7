"""A job for every night: adds what changed in a shared table since it last ran to an archive, and ends.

spark-submit --jars <connector jar> nightly_changes.py <profile>#<share>.<schema>.<table> <archive> <checkpoint>
"""

import sys

from pyspark.sql import SparkSession


def main(path, archive, checkpoint):
    spark = SparkSession.builder.appName("nightly changes").getOrCreate()
    query = (
        spark.readStream.format("deltaSharing")
        .option("readChangeFeed", True)
        # In delta format _commit_timestamp is a timestamp on every night.
        .option("responseFormat", "delta")
        .load(path)
        .writeStream.format("parquet")
        .option("path", archive)
        .option("checkpointLocation", checkpoint)
        .trigger(availableNow=True)
        .start()
    )
    query.awaitTermination()
    # Spark remembers the last hundred batches.
    print(f"{sum(progress['numInputRows'] for progress in query.recentProgress)} changed rows are new")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: nightly_changes.py <profile>#<share>.<schema>.<table> <archive> <checkpoint>")
    main(*sys.argv[1:])
