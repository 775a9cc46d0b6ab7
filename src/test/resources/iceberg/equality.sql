-- Files of older types, without a column, with nulls; deletes before and after them. The type of id grows before the first delete:
-- of a snapshot with the older type, Iceberg's Spark reader finds no rows by deletes that are read with the newer one.
CREATE TABLE {table} (id INT, f FLOAT, d DECIMAL(5,2), s STRING, t TIMESTAMP, day DATE, b BINARY, gone STRING) USING iceberg
  TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read');
INSERT INTO {table} SELECT /*+ COALESCE(1) */ CAST(id AS INT), IF(id = 7, float('NaN'), CAST(id AS FLOAT) / 2), CAST(id AS DECIMAL(5,2)),
  IF(id % 5 = 0, NULL, concat('s', id)), timestamp'2024-01-01 00:00:00' + make_interval(0, 0, 0, 0, id), date_add(date'2024-01-01', CAST(id AS INT)),
  CAST(concat('b', id) AS BINARY), concat('g', id) FROM range(40);
ALTER TABLE {table} ALTER COLUMN id TYPE BIGINT;
EQUALITY DELETE (id) SELECT 1L AS id UNION ALL SELECT 1000L;
EQUALITY DELETE (s, id) SELECT CAST(NULL AS STRING) AS s, 5L AS id UNION ALL SELECT 's6', 7L UNION ALL SELECT 's6', 6L;
ALTER TABLE {table} ALTER COLUMN f TYPE DOUBLE;
ALTER TABLE {table} ALTER COLUMN d TYPE DECIMAL(20,2);
ALTER TABLE {table} ADD COLUMN later STRING;
ALTER TABLE {table} RENAME COLUMN s TO text;
EQUALITY DELETE (f) SELECT double('NaN') AS f UNION ALL SELECT 4.0D;
INSERT INTO {table} SELECT /*+ COALESCE(1) */ id, 0.1D, CAST(id AS DECIMAL(20,2)), 'new', NULL, NULL, NULL, NULL, IF(id = 101, 'x', NULL) FROM range(100, 104);
EQUALITY DELETE (d, id) SELECT CAST(9 AS DECIMAL(20,2)) AS d, 9L AS id UNION ALL SELECT CAST(101 AS DECIMAL(20,2)), 101L;
EQUALITY DELETE (t) SELECT timestamp'2024-01-01 11:00:00' AS t;
EQUALITY DELETE (day, b) SELECT date'2024-01-13' AS day, CAST('b12' AS BINARY) AS b UNION ALL SELECT date'2024-01-14', CAST('b1' AS BINARY);
DELETE FROM {table} WHERE id IN (14, 16, 103);
EQUALITY DELETE (id) SELECT 14L AS id UNION ALL SELECT 15L;
EQUALITY DELETE (later, id) SELECT CAST(NULL AS STRING) AS later, 18L AS id;
EQUALITY DELETE (gone) SELECT 'g20' AS gone;
INSERT INTO {table} SELECT id, 0.1D, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM range(14, 16);
