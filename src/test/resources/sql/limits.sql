-- LIMIT and ORDER BY ... LIMIT.
SELECT count(*) FROM (SELECT * FROM {orders} LIMIT 7);
-- plan: CollectLimit 3
SELECT 'x' AS x FROM {customers} LIMIT 3;
SELECT * FROM {orders} ORDER BY id LIMIT 5;
SELECT id FROM {orders} ORDER BY amount DESC, id LIMIT 4;
SELECT id FROM {orders} WHERE day = DATE'2024-01-02' ORDER BY id DESC LIMIT 2;
SELECT id FROM {orders} ORDER BY id LIMIT 5 OFFSET 10;
SELECT * FROM {orders} LIMIT 0;
