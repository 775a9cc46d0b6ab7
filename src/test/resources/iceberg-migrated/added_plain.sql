-- What takes no table feature to read. The partition column has the type that the directory's names have, as they are text.
CREATE TABLE spark_catalog.default.added_plain (id INT, name STRING, p STRING) USING parquet PARTITIONED BY (p) LOCATION '{location}/imported';
INSERT INTO spark_catalog.default.added_plain SELECT CAST(id AS INT), concat('n', id), IF(id % 3 = 0, NULL, concat('0', id % 3)) FROM range(12);
CREATE TABLE {table} (id INT, name STRING, p STRING) USING iceberg PARTITIONED BY (p) TBLPROPERTIES ('format-version' = '2');
CALL ice.system.add_files(table => '{name}', source_table => 'spark_catalog.default.added_plain');
INSERT INTO {table} VALUES (100, 'new', '01'), (101, NULL, NULL);
UPDATE {table} SET name = 'copied' WHERE id IN (1, 100);
