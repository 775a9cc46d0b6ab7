-- Versions: {table@version}.
SELECT * FROM {orders@1};
SELECT count(*) FROM {orders@0};
SELECT id FROM {orders@2} EXCEPT SELECT id FROM {orders@1};
SELECT n.id, b.amount, n.amount FROM {orders} n JOIN {orders@2} b ON n.id = b.id WHERE n.amount <> b.amount;
