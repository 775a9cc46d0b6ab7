-- A table of Spark's that migrate makes one of Iceberg's in its place.
CREATE TABLE spark_catalog.default.migrated (id INT, name STRING, price DOUBLE, p INT, region STRING) USING parquet PARTITIONED BY (p, region) LOCATION '{location}';
INSERT INTO spark_catalog.default.migrated SELECT CAST(id AS INT), concat('n', id), id / 4, CAST(id % 2 AS INT), IF(id % 3 = 0, NULL, concat('R', id % 3)) FROM range(12);
CALL spark_catalog.system.migrate('spark_catalog.default.migrated');
CALL ice.system.register_table(table => '{name}', metadata_file => '{metadata}');
INSERT INTO {table} VALUES (100, 'new', 1.5, 1, 'R1'), (101, NULL, NULL, NULL, NULL);
DELETE FROM {table} WHERE id IN (3, 100);
