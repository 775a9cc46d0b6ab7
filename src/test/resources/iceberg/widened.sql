CREATE TABLE {table} (id INT, name STRING) USING iceberg TBLPROPERTIES ('format-version' = '3', 'write.delete.mode' = 'merge-on-read');
INSERT INTO {table} SELECT /*+ COALESCE(1) */ CAST(id AS INT), concat('n', id) FROM range(4);
ALTER TABLE {table} ADD COLUMN more INT;
DELETE FROM {table} WHERE id = 2;
INSERT INTO {table} VALUES (10, 'more', 7);
