CREATE TABLE {table} (id INT, name STRING) USING iceberg TBLPROPERTIES ('format-version' = '1');
INSERT INTO {table} VALUES (1, 'a'), (2, NULL), (3, 'c');
INSERT INTO {table} VALUES (4, 'd');
DELETE FROM {table} WHERE id = 2;
