-- Aggregates that statistics answer, and those that they don't.
-- plan: LocalTableScan
SELECT count(*) FROM {customers};
-- plan: LocalTableScan
SELECT min(id), max(id), count(id) FROM {customers};
-- plan: LocalTableScan
SELECT count(*) FROM {orders} WHERE day = DATE'2024-01-03';
SELECT day, count(*) FROM {orders} GROUP BY day;
SELECT status, sum(amount), avg(amount), min(note), max(at) FROM {orders} GROUP BY status HAVING count(*) > 1;
SELECT count(*), count(note), count(DISTINCT status) FROM {orders} WHERE id > 17;
SELECT day, status, count(*) FROM {orders} GROUP BY day, status WITH ROLLUP;
SELECT id, row_number() OVER (PARTITION BY status ORDER BY id) AS n FROM {orders};
