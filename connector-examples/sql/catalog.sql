-- What a share holds, and rows of one of its tables.
-- Run it with the catalog "shared" (see README.md here) and -d share=… -d schema=… -d table=…

SHOW NAMESPACES IN shared;
SHOW TABLES IN shared.${share}.${schema};
DESCRIBE shared.${share}.${schema}.${table};

SELECT * FROM shared.${share}.${schema}.${table} LIMIT 5;

-- Answered by statistics, without a data file.
SELECT count(*) AS number_of_rows FROM shared.${share}.${schema}.${table};

-- Shorter names.
USE shared.${share}.${schema};
SELECT count(*) AS number_of_rows FROM ${table};
