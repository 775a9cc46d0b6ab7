CREATE TABLE {table} (b BOOLEAN, i INT, l BIGINT, f FLOAT, d DOUBLE, small DECIMAL(7,2), mid DECIMAL(18,4), big DECIMAL(38,10),
  day DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ, s STRING, bin BINARY, st STRUCT<a: INT, b: STRUCT<c: STRING>>,
  li ARRAY<STRUCT<x: INT, y: STRING>>, m MAP<STRING, ARRAY<INT>>) USING iceberg;
INSERT INTO {table} VALUES
  (true, 1, 2, float('1.5'), double('NaN'), 12345.67, 12345678901234.5678, 1234567890123456789012345678.0123456789,
   DATE'2024-02-29', TIMESTAMP'2024-02-29 23:59:59.123456', TIMESTAMP_NTZ'2024-02-29 23:59:59.123456', 'ä€😀', X'00ff',
   named_struct('a', 1, 'b', named_struct('c', 'x')), array(named_struct('x', 1, 'y', 'p'), NULL), map('k', array(1, NULL), 'n', NULL)),
  (false, -2147483648, -9223372036854775808, float('-0.0'), double('-Infinity'), -99999.99, 0, -0.0000000001,
   DATE'1900-01-01', TIMESTAMP'1900-01-01 00:00:00', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999', '', X'',
   named_struct('a', NULL, 'b', NULL), array(), map()),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
