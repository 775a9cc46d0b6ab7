-- Change feeds: {table:start-end}, both inclusive.
SELECT id, amount, _change_type, _commit_version FROM {orders:1-3};
SELECT _commit_version, _change_type, count(*) FROM {orders:0-4} GROUP BY _commit_version, _change_type;
SELECT id FROM {orders:3-3} WHERE _change_type = 'update_postimage' AND day = DATE'2024-01-02';
SELECT id, _change_type FROM {orders:4-4} WHERE id > 20;
