-- A table of Spark's that snapshot has a copy of, without its files. A partition column has a name that files spell in another way.
CREATE TABLE spark_catalog.default.snapshotted (id INT, name STRING, day DATE, `sales area` STRING) USING parquet PARTITIONED BY (day, `sales area`) LOCATION '{location}/source';
INSERT INTO spark_catalog.default.snapshotted SELECT CAST(id AS INT), concat('n', id), IF(id % 3 = 0, NULL, date_add(DATE'2024-02-28', CAST(id % 3 AS INT))), IF(id % 2 = 0, 'a b', NULL) FROM range(12);
CALL ice.system.snapshot(source_table => 'spark_catalog.default.snapshotted', table => '{table}');
ALTER TABLE {table} SET TBLPROPERTIES ('write.delete.mode' = 'merge-on-read');
INSERT INTO {table} VALUES (100, 'new', DATE'2024-02-29', 'a b'), (102, 'new', DATE'2024-02-29', 'a b');
DELETE FROM {table} WHERE id IN (1, 3, 102);
