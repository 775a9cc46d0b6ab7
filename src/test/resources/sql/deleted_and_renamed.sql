-- Deletion vectors and column mapping: deleted rows stay away, columns have the names of now.
SELECT * FROM {deleted};
SELECT count(*) FROM {deleted};
SELECT min(id), max(id) FROM {deleted};
SELECT renamed FROM {deleted} WHERE id > 900;
SELECT id FROM {deleted} WHERE renamed = 'v17';
