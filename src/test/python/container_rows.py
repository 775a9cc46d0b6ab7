"""What a recipient reads in a container: for each table its number of rows, and a digest of all of them.

container_rows.py PROFILE TABLE...
"""
import hashlib
import sys

from pyspark.sql import SparkSession

profile, tables = sys.argv[1], sys.argv[2:]
spark = SparkSession.builder.appName("rows").getOrCreate()
for table in tables:
    rows = spark.read.format("deltaSharing").load(f"{profile}#{table}")
    texts = sorted(row.text for row in rows.selectExpr("to_json(struct(*)) AS text").collect())
    print(f"{table}: {len(texts)} rows {hashlib.sha256(chr(10).join(texts).encode()).hexdigest()}")
# Through the catalog of the image's settings, and where it ran.
print("catalog:", sorted(row.tableName for row in spark.sql("SHOW TABLES IN shared.retail.sales").collect()))
# Python runs on the executors too.
print("doubled:", spark.range(4).rdd.map(lambda row: row.id * 2).sum(), "on", spark.sparkContext.master)
