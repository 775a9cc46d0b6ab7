-- Predicates: on partition values, on statistics, left to Spark, of each kind.
-- plan: by partition values: [day
SELECT * FROM {orders} WHERE day = DATE'2024-01-02';
-- plan: by statistics: [id
SELECT * FROM {orders} WHERE id BETWEEN 30 AND 45;
-- plan: by statistics
SELECT id FROM {orders} WHERE amount > 100.50 AND day >= DATE'2024-01-03';
SELECT id FROM {orders} WHERE status IN ('open', 'lost') AND NOT id = 3;
SELECT id FROM {orders} WHERE note IS NULL OR day IS NULL;
SELECT id FROM {orders} WHERE note <=> 'note 7' OR note LIKE 'note 1%';
SELECT id FROM {orders} WHERE at < TIMESTAMP'2024-01-02 06:00:00';
SELECT id FROM {orders} WHERE length(note) = 6 AND day <> DATE'2024-01-01';
SELECT id FROM {orders} WHERE id = 1 AND id = 2;
SELECT id FROM {orders} WHERE day IN (DATE'2024-01-01', NULL);
