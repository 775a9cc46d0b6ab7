-- Joins of shared tables, with runtime filters; subqueries, set operations, common table expressions.
SELECT o.id, c.name FROM {orders} o JOIN {customers} c ON o.customer = c.id;
-- plan: dynamicpruning
SELECT o.id, d.note FROM {orders} o JOIN {days} d ON o.day = d.day WHERE d.note = 'holiday';
SELECT c.id, o.id FROM {customers} c LEFT JOIN {orders} o ON o.customer = c.id AND o.status = 'lost';
SELECT c.name FROM {customers} c WHERE EXISTS (SELECT 1 FROM {orders} o WHERE o.customer = c.id AND o.id > 50);
SELECT c.name FROM {customers} c WHERE c.id NOT IN (SELECT customer FROM {orders} WHERE id < 5);
SELECT a.id, b.id FROM {orders} a JOIN {orders} b ON a.id = b.id + 1 WHERE a.day = DATE'2024-01-02';
SELECT id FROM {orders} WHERE amount = (SELECT max(amount) FROM {orders});
SELECT id FROM {orders} WHERE id < 10 UNION ALL SELECT id FROM {customers};
SELECT id FROM {orders} EXCEPT SELECT id FROM {customers};
WITH big AS (SELECT * FROM {orders} WHERE amount > 50) SELECT a.status, count(*) FROM big a JOIN big b ON a.id = b.id GROUP BY a.status;
