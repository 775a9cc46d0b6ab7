-- Columns and types: all of them, some of them, expressions, none.
SELECT * FROM {orders};
-- plan: BatchScan; ColumnarToRow
SELECT id, amount, day FROM {orders};
SELECT status, id % 7 AS week, upper(note) AS note FROM {orders} WHERE note IS NOT NULL;
SELECT DISTINCT status FROM {orders};
SELECT 1 AS one FROM {orders} WHERE id < 10;
SELECT `Odd name`, `ünï` FROM {odd};
SELECT typeof(amount), typeof(day), typeof(at), typeof(note) FROM {orders} LIMIT 1;
