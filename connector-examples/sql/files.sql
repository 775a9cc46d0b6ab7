-- The files of a table: how many, how large. No data file is read.
-- Run it with the catalog "shared" (see README.md here) and -d share=… -d schema=… -d table=…

SELECT count(*) AS number_of_files FROM shared.${share}.${schema}.${table}.files;
SELECT * FROM shared.${share}.${schema}.${table}.files LIMIT 5;
