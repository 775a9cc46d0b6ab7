-- What changed, of a table whose changes are recorded and shared.
-- Run it with the catalog "shared" and the extension (see README.md here), and
-- -d share=… -d schema=… -d table=… -d start=… -d end=…

-- The table of changes; only the commits in the range are asked for.
SELECT _commit_version, _change_type, count(*) AS changes
FROM shared.${share}.${schema}.${table}.changes
WHERE _commit_version BETWEEN ${start} AND ${end}
GROUP BY _commit_version, _change_type ORDER BY ALL;

-- The same by the function, which needs the extension.
SELECT _commit_version, _change_type, count(*) AS changes
FROM table_changes('shared.${share}.${schema}.${table}', ${start}, ${end})
GROUP BY _commit_version, _change_type ORDER BY ALL;
