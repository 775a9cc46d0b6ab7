"""A client of Spark Connect reads a shared table: Python alone, without Java and Spark, on a server that has the connector.

python connect_client.py sc://<server> <profile>#<share>.<schema>.<table> [<connector jar>]

The profile is a path on the server. With the jar, the session brings the connector to a server without it.
"""

import sys

from pyspark.sql import SparkSession


def main(server, path, jar=None):
    spark = SparkSession.builder.remote(server).getOrCreate()
    if jar:
        spark.addArtifacts(jar)
    table = spark.read.format("deltaSharing").load(path)
    table.printSchema()
    print(table.limit(5).toPandas())
    print(f"{table.count()} rows")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: connect_client.py sc://<server> <profile>#<share>.<schema>.<table> [<connector jar>]")
    main(*sys.argv[1:])
