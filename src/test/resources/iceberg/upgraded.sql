CREATE TABLE {table} (id INT, name STRING) USING iceberg TBLPROPERTIES ('format-version' = '1');
INSERT INTO {table} VALUES (1, 'a'), (2, 'b');
ALTER TABLE {table} SET TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read');
DELETE FROM {table} WHERE id = 1;
INSERT INTO {table} VALUES (3, 'c');
ALTER TABLE {table} SET TBLPROPERTIES ('format-version' = '3');
DELETE FROM {table} WHERE id = 3;
