CREATE TABLE {table} (id INT, name STRING, p INT) USING iceberg PARTITIONED BY (p)
  TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read', 'write.merge.mode' = 'merge-on-read');
INSERT INTO {table} SELECT CAST(id AS INT), concat('n', id), CAST(id % 2 AS INT) FROM range(20);
DELETE FROM {table} WHERE id IN (3, 4, 17);
INSERT INTO {table} SELECT CAST(id AS INT), concat('n', id), CAST(id % 2 AS INT) FROM range(20, 24);
UPDATE {table} SET name = 'changed' WHERE id IN (5, 21);
DELETE FROM {table} WHERE id = 6;
ALTER TABLE {table} SET TBLPROPERTIES ('write.delete.granularity' = 'partition');
DELETE FROM {table} WHERE id IN (7, 8, 9, 22);
