CREATE TABLE {table} (id INT, name STRING) USING iceberg TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read');
INSERT INTO {table} SELECT /*+ REPARTITION(3) */ CAST(id AS INT), concat('n', id) FROM range(10);
INSERT INTO {table} SELECT CAST(id AS INT), concat('n', id) FROM range(10, 14);
ALTER TABLE {table} CREATE BRANCH side;
INSERT INTO {table}.branch_side VALUES (1000, 'side');
INSERT INTO {table} SELECT CAST(id AS INT), concat('n', id) FROM range(14, 20);
DELETE FROM {table} WHERE id IN (2, 12);
INSERT INTO {table} SELECT CAST(id AS INT), concat('n', id) FROM range(20, 22);
