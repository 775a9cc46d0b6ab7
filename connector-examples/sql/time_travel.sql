-- A table as it was. The provider decides whether the history is shared.
-- Run it with the catalog "shared" (see README.md here) and -d share=… -d schema=… -d table=… -d version=…

SELECT 'then' AS time, count(*) FROM shared.${share}.${schema}.${table} VERSION AS OF ${version}
UNION ALL
SELECT 'now', count(*) FROM shared.${share}.${schema}.${table};

-- Rows that were not there. A time works as well: TIMESTAMP AS OF '2026-01-31 12:00:00'.
SELECT count(*) AS new_rows FROM (
  SELECT * FROM shared.${share}.${schema}.${table}
  EXCEPT
  SELECT * FROM shared.${share}.${schema}.${table} VERSION AS OF ${version});
