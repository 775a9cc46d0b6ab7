"""The shortest job of a recipient, in Python.

spark-submit --jars <connector jar> read_shared_table.py <profile>#<share>.<schema>.<table>
"""

import sys

from pyspark.sql import SparkSession


def main(path):
    spark = SparkSession.builder.appName("read a shared table").getOrCreate()
    table = spark.read.format("deltaSharing").load(path)
    table.printSchema()
    table.show(truncate=False)
    print(f"{table.count()} rows")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: read_shared_table.py <profile>#<share>.<schema>.<table>")
    main(sys.argv[1])
