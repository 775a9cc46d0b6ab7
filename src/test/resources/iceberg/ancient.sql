-- Read with spark.sql.parquet.datetimeRebaseModeInRead=CORRECTED: such files do not say which calendar they have.
CREATE TABLE {table} (id INT, day DATE, ts TIMESTAMP) USING iceberg;
INSERT INTO {table} VALUES (1, DATE'0001-01-01', TIMESTAMP'0001-01-01 00:00:00'), (2, DATE'1582-10-10', TIMESTAMP'1582-10-10 01:00:00');
