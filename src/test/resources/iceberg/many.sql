-- Two thousand files: two tasks, each with a file for each of a thousand partitions.
CREATE TABLE {table} (id BIGINT, p INT) USING iceberg PARTITIONED BY (p) TBLPROPERTIES ('format-version' = '2', 'write.distribution-mode' = 'none', 'write.spark.fanout.enabled' = 'true');
INSERT INTO {table} SELECT /*+ REPARTITION(2) */ id, CAST(id % 1000 AS INT) FROM range(4000);
