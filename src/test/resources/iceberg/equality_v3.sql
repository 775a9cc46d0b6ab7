-- Deletion vectors and equality deletes of the same data files, in either order; files of before and after.
CREATE TABLE {table} (id BIGINT, name STRING, p INT) USING iceberg PARTITIONED BY (p)
  TBLPROPERTIES ('format-version' = '3', 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read', 'write.merge.mode' = 'merge-on-read');
INSERT INTO {table} SELECT id, IF(id % 7 = 0, NULL, concat('n', id)), CAST(id % 2 AS INT) FROM range(40);
DELETE FROM {table} WHERE id IN (3, 4, 17);
EQUALITY DELETE (id) SELECT 4L AS id UNION ALL SELECT 5L UNION ALL SELECT 6L;
EQUALITY DELETE (name) IN 0 SELECT CAST(NULL AS STRING) AS name;
DELETE FROM {table} WHERE id IN (6, 8, 9);
INSERT INTO {table} SELECT id, concat('n', id), CAST(id % 2 AS INT) FROM range(4, 8);
ALTER TABLE {table} RENAME COLUMN name TO title;
EQUALITY DELETE (title, p) SELECT 'n10' AS title, 0 AS p UNION ALL SELECT 'n11', 0 UNION ALL SELECT 'n5', 1;
UPDATE {table} SET title = 'changed' WHERE id IN (12, 7);
