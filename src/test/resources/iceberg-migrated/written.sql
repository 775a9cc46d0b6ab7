-- Every type of partition columns, in files that have them too: a mapping of names is set, and all files have field ids.
CREATE TABLE {table} (id INT, b BOOLEAN, l BIGINT, d DECIMAL(18,4), day DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ, s STRING, f DOUBLE, bin BINARY) USING iceberg
  PARTITIONED BY (b, l, d, day, ts, ntz, s, f, bin)
  TBLPROPERTIES ('format-version' = '2', 'schema.name-mapping.default' = '[{"field-id": 1, "names": ["id"]}, {"field-id": 9, "names": ["f"]}, {"field-id": 10, "names": ["bin"]}]');
INSERT INTO {table} VALUES
  (1, true, -9223372036854775808, -0.0001, DATE'0001-01-01', TIMESTAMP'1900-01-01 00:00:00', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999', '__HIVE_DEFAULT_PARTITION__', double('NaN'), X'00ff'),
  (2, false, 7, 12345678901234.5678, DATE'9999-12-31', TIMESTAMP'2024-02-29 23:59:59.123456', TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', ' ä€😀 ', double('-0.0'), X''),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO {table} VALUES (4, true, 100, 100, DATE'2024-02-29', TIMESTAMP'1969-12-31 23:59:59', TIMESTAMP_NTZ'2024-03-10 02:30:00', 'null', 0, X'61');
DELETE FROM {table} WHERE id = 2;
