-- Columns that are promoted after files without field ids came, one of them a partition column; and a time without a zone.
CREATE TABLE spark_catalog.default.added_widened (id INT, f FLOAT, d DECIMAL(7,2), st STRUCT<a: INT>, p INT) USING parquet PARTITIONED BY (p) LOCATION '{location}/imported';
INSERT INTO spark_catalog.default.added_widened SELECT CAST(id AS INT), id / 3, id * 1.25, named_struct('a', CAST(id AS INT)), CAST(id % 2 AS INT) FROM range(8);
CREATE TABLE {table} (id INT, f FLOAT, d DECIMAL(7,2), st STRUCT<a: INT>, p INT) USING iceberg PARTITIONED BY (p) TBLPROPERTIES ('format-version' = '2');
CALL ice.system.add_files(table => '{name}', source_table => 'spark_catalog.default.added_widened');
ALTER TABLE {table} ALTER COLUMN id TYPE BIGINT;
ALTER TABLE {table} ALTER COLUMN f TYPE DOUBLE;
ALTER TABLE {table} ALTER COLUMN d TYPE DECIMAL(12,2);
ALTER TABLE {table} ALTER COLUMN st.a TYPE BIGINT;
ALTER TABLE {table} ALTER COLUMN p TYPE BIGINT;
ALTER TABLE {table} ADD COLUMN ntz TIMESTAMP_NTZ;
INSERT INTO {table} VALUES (5000000000, 0.1, 1234567890.12, named_struct('a', 5000000000), 5000000000, TIMESTAMP_NTZ'2024-02-29 23:59:59.123456');
