CREATE TABLE {table} (id BIGINT NOT NULL, name STRING COMMENT 'of the thing') USING iceberg PARTITIONED BY (bucket(4, id));
