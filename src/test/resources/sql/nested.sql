-- Structs, arrays and maps; only the fields that are needed are read.
SELECT * FROM {nested};
-- plan: person
SELECT person.address.city FROM {nested} WHERE person.address.zip > 12;
SELECT id, tags[0], size(tags), attributes['k1'] FROM {nested};
SELECT id, tag FROM {nested} LATERAL VIEW explode(tags) AS tag;
SELECT people.name FROM {nested} WHERE id < 5;
SELECT count(*) FROM {nested} WHERE person IS NULL;
