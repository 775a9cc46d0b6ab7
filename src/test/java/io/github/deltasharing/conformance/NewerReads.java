/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is read of tables with types that Spark has since 4.0. Delta Lake 4.0.1 wrote the tables and
 * read them, on Spark 4.0.1; both are kept in {@code src/test/resources/newer}.
 */
public final class NewerReads {
  /** Directories of the kept tables. */
  public static final List<String> TABLES =
      List.of("variants", "variants_mapped", "variants_shredded", "collated", "collated_by");

  private static final List<String> COLLATED =
      List.of(
          "s = 'berLIN'",
          "s < 'C'",
          "s > 'bERLIN'",
          "s IN ('BerliN', 'zürich')",
          "s <> 'BERLIN'",
          "s <=> 'BERLIN'",
          "startswith(s, 'bE')",
          "u = 'äRGER'",
          "u IS NULL",
          "st.x = 'aBC'",
          "array_contains(l, 'q')",
          "m['k'] = 'V'",
          "plain = 'p'",
          "plain COLLATE UTF8_LCASE = 'p'",
          "plain COLLATE UTF8_LCASE < 'Q'",
          "s COLLATE UTF8_BINARY = 'berlin'",
          "s = 'BERLIN' OR id = 4");

  private static final List<String> COLLATED_BY =
      List.of(
          "p = 'dE'",
          "p <> 'dE'",
          "p IN ('dE', 'xx')",
          "p > 'DE'",
          "p IS NULL",
          "p = 'de' OR q = 2");

  private NewerReads() {}

  /** All reads. */
  public static List<SharedRead> reads() {
    List<SharedRead> reads = new ArrayList<>();
    TABLES.forEach(table -> reads.add(SharedRead.whole(table)));
    for (String where : List.of("id > 20", "v IS NULL", "is_variant_null(v)")) {
      for (String table : List.of("variants", "variants_shredded")) {
        reads.add(where(reads, table, where));
      }
    }
    reads.add(
        SharedRead.select(
            "values of variants",
            "variants",
            "id",
            "try_variant_get(v, '$.a', 'int')",
            "schema_of_variant(v)",
            "variant_get(m['k'], '$[1]', 'int')",
            "l[2]",
            "s.a"));
    reads.add(
        SharedRead.select(
            "values of shredded variants",
            "variants_shredded",
            "id",
            "try_variant_get(v, '$.a', 'int')",
            "schema_of_variant(v)"));
    for (String table : List.of("variants", "variants_shredded")) {
      reads.add(SharedRead.select("counts of " + table, table, "count(v)", "count(*)", "max(id)"));
      reads.add(
          new SharedRead(
              "changes of " + table,
              table,
              Map.of("readChangeFeed", "true", "startingVersion", "1"),
              "true",
              List.of("id", "v", "_change_type", "_commit_version")));
    }
    COLLATED.forEach(predicate -> reads.add(where(reads, "collated", predicate)));
    COLLATED_BY.forEach(predicate -> reads.add(where(reads, "collated_by", predicate)));
    reads.add(
        SharedRead.select(
            "aggregates of collated",
            "collated",
            "count(DISTINCT s)",
            "count(DISTINCT u)",
            "lower(min(s))",
            "lower(max(s))",
            "count(s)"));
    reads.add(
        SharedRead.select(
            "aggregates of collated_by",
            "collated_by",
            "count(DISTINCT p)",
            "lower(min(p))",
            "lower(max(p))",
            "count(p)"));
    return reads;
  }

  private static SharedRead where(List<SharedRead> before, String table, String where) {
    return SharedRead.where(table + ", filter " + before.size(), table, where);
  }
}
