-- Names of your own for a shared table, without a catalog of shares.
-- Run it with -d profile=<profile file> -d share=… -d schema=… -d table=…

-- For this session.
CREATE TEMPORARY VIEW shared_view USING deltaSharing
OPTIONS (path '${profile}#${share}.${schema}.${table}');
SELECT count(*) AS number_of_rows FROM shared_view;

-- For all sessions that use this metastore. The entry holds the place of the profile, not what is in it.
CREATE TABLE IF NOT EXISTS shared_table USING deltaSharing
LOCATION '${profile}#${share}.${schema}.${table}';
SELECT count(*) AS number_of_rows FROM shared_table;

-- Views on it, as on any table.
CREATE OR REPLACE VIEW number_of_rows AS SELECT count(*) AS number_of_rows FROM shared_table;
SELECT * FROM number_of_rows;

-- Drops the entries; the provider's table stays.
DROP VIEW number_of_rows;
DROP TABLE shared_table;
