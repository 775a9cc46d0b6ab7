-- A directory without partitions; of one struct, all fields that its files have are dropped.
CREATE TABLE spark_catalog.default.added_nested (id INT, name STRING, s STRUCT<a: INT>, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<v: INT>>, gone STRING) USING parquet LOCATION '{location}/imported';
INSERT INTO spark_catalog.default.added_nested VALUES (1, 'a', named_struct('a', 1), array(named_struct('x', 1), NULL), map('k', named_struct('v', 1)), 'g'), (2, 'b', NULL, array(), NULL, NULL), (3, NULL, named_struct('a', NULL), NULL, map(), NULL);
CREATE TABLE {table} (id INT, name STRING, s STRUCT<a: INT>, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<v: INT>>, gone STRING) USING iceberg TBLPROPERTIES ('format-version' = '2');
CALL ice.system.add_files(table => '{name}', source_table => 'spark_catalog.default.added_nested');
ALTER TABLE {table} DROP COLUMN gone;
ALTER TABLE {table} ADD COLUMNS (l.element.y STRING, m.value.w DOUBLE);
ALTER TABLE {table} ALTER COLUMN l FIRST;
INSERT INTO {table} VALUES (array(named_struct('x', 4, 'y', 'y')), 4, 'd', named_struct('a', 4), map('k', named_struct('v', 4, 'w', 0.5)));
ALTER TABLE {table} ADD COLUMN s.b INT;
ALTER TABLE {table} DROP COLUMN s.a;
INSERT INTO {table} VALUES (NULL, 5, 'e', named_struct('b', 5), NULL);
