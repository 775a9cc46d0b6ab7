CREATE TABLE {table} (id INT, name STRING, day DATE, ts TIMESTAMP, amount DECIMAL(9,2)) USING iceberg
  PARTITIONED BY (name, bucket(3, id), truncate(10, amount), years(day));
INSERT INTO {table} SELECT id, CASE WHEN id % 3 = 0 THEN NULL WHEN id % 3 = 1 THEN '' ELSE 'a/b %20=ü' END,
  date_add(DATE'2019-12-30', CAST(id AS INT)), TIMESTAMP'1969-12-31 22:30:00' + make_interval(0, 0, 0, 0, CAST(id AS INT)), id * 7.5 FROM range(6);
ALTER TABLE {table} DROP PARTITION FIELD name;
ALTER TABLE {table} DROP PARTITION FIELD bucket(3, id);
ALTER TABLE {table} REPLACE PARTITION FIELD years(day) WITH months(day);
ALTER TABLE {table} ADD PARTITION FIELD hours(ts);
INSERT INTO {table} VALUES (100, 'x', DATE'2024-01-31', TIMESTAMP'2024-01-31 10:00:00', 1), (101, NULL, NULL, NULL, NULL);
ALTER TABLE {table} ADD PARTITION FIELD day;
INSERT INTO {table} VALUES (102, 'y', DATE'2024-02-01', TIMESTAMP'2024-02-01 10:00:00', -0.01);
ALTER TABLE {table} RENAME COLUMN day TO dd;
