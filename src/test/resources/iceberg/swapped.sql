-- Names that went from one column to another, of types that files tell apart badly.
CREATE TABLE {table} (a DECIMAL(9,2), b DECIMAL(9,4), s STRUCT<x: INT, y: INT>) USING iceberg;
INSERT INTO {table} VALUES (1.25, 2.0625, named_struct('x', 1, 'y', 2));
ALTER TABLE {table} RENAME COLUMN a TO t;
ALTER TABLE {table} RENAME COLUMN b TO a;
ALTER TABLE {table} RENAME COLUMN t TO b;
ALTER TABLE {table} RENAME COLUMN s.x TO t;
ALTER TABLE {table} RENAME COLUMN s.y TO x;
ALTER TABLE {table} RENAME COLUMN s.t TO y;
INSERT INTO {table} VALUES (3.0625, 4.25, named_struct('x', 3, 'y', 4));
