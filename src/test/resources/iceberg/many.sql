-- Two thousand files.
CREATE TABLE {table} (id BIGINT, name STRING) USING iceberg TBLPROPERTIES ('format-version' = '2', 'write.distribution-mode' = 'none', 'write.parquet.compression-codec' = 'snappy');
INSERT INTO {table} SELECT /*+ REPARTITION(2000) */ id, concat('n', id) FROM range(4000);
