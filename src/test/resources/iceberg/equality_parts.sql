-- Deletes of one partition, and of all of them.
CREATE TABLE {table} (id INT, p INT) USING iceberg PARTITIONED BY (p) TBLPROPERTIES ('format-version' = '2');
INSERT INTO {table} SELECT CAST(id % 10 AS INT), CAST(id / 10 AS INT) FROM range(30);
EQUALITY DELETE (id) IN 1 SELECT 3 AS id;
EQUALITY DELETE (id) SELECT 4 AS id;
INSERT INTO {table} SELECT 3, 1;
EQUALITY DELETE (id, p) SELECT 5 AS id, 2 AS p;
