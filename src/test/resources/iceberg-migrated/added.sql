-- A directory of Hive's layout, taken in by add_files: its files have no field ids, and lack the partition columns.
CREATE TABLE spark_catalog.default.added (id INT, name STRING, amount DECIMAL(9,2), st STRUCT<a: INT, b: STRING>, li ARRAY<STRUCT<x: INT, y: STRING>>, m MAP<STRING, INT>,
  at TIMESTAMP, p INT, s STRING, day DATE) USING parquet PARTITIONED BY (p, s, day) LOCATION '{location}/imported';
INSERT INTO spark_catalog.default.added SELECT CAST(id AS INT), IF(id % 5 = 0, NULL, concat('n', id)), id * 1.25, named_struct('a', CAST(id AS INT), 'b', concat('b', id)),
  array(named_struct('x', CAST(id AS INT), 'y', 'y')), map('k', CAST(id AS INT)), TIMESTAMP'2024-01-31 10:00:00.123456' + make_interval(0, 0, 0, 0, CAST(id AS INT)),
  CAST(id % 2 AS INT), CASE WHEN id % 3 = 0 THEN 'a/b %20=ü' WHEN id % 3 = 1 THEN ' x' ELSE 'plain' END, IF(id % 7 = 0, NULL, date_add(DATE'2024-02-28', CAST(id % 2 AS INT))) FROM range(24);
CREATE TABLE {table} (id INT, name STRING, amount DECIMAL(9,2), st STRUCT<a: INT, b: STRING>, li ARRAY<STRUCT<x: INT, y: STRING>>, m MAP<STRING, INT>,
  at TIMESTAMP, p INT, s STRING, day DATE) USING iceberg PARTITIONED BY (p, s, day)
  TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read', 'write.merge.mode' = 'merge-on-read');
CALL ice.system.add_files(table => '{name}', source_table => 'spark_catalog.default.added');
INSERT INTO {table} SELECT CAST(id AS INT), concat('n', id), id, named_struct('a', 1, 'b', 'b'), array(), map(), NULL, CAST(id % 2 AS INT), 'plain', DATE'2024-02-29' FROM range(100, 104);
DELETE FROM {table} WHERE id IN (3, 4, 17, 101);
ALTER TABLE {table} ADD COLUMNS (extra INT, st.c INT);
INSERT INTO {table} VALUES (200, 'later', 2, named_struct('a', 2, 'b', 'b', 'c', 3), NULL, NULL, NULL, 0, NULL, NULL, 7);
UPDATE {table} SET name = 'changed' WHERE id IN (5, 102);
ALTER TABLE {table} ADD PARTITION FIELD bucket(2, id);
INSERT INTO {table} SELECT CAST(id AS INT), 'bucketed', NULL, NULL, NULL, NULL, NULL, 1, 'plain', DATE'2024-02-29', CAST(id AS INT) FROM range(300, 304);
DELETE FROM {table} WHERE p = 1 AND s = 'plain' AND day = DATE'2024-02-29' AND id % 2 = 1;
ALTER TABLE {table} SET TBLPROPERTIES ('format-version' = '3');
DELETE FROM {table} WHERE id IN (8, 300);
