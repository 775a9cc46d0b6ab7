/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random SQL type with a way to make values of it from a row's key: the same key and salt make
 * the same value, some keys make null.
 */
final class RandomType {
  /** DDL, an expression over {@code %1$s} (a hash of key and salt). */
  private static final String[][] PRIMITIVES = {
    {"tinyint", "%1$s"},
    {"smallint", "%1$s"},
    {"int", "%1$s"},
    {"bigint", "%1$s"},
    {"float", "IF(%1$s %% 7 = 0, double('NaN'), %1$s / 3)"},
    {"double", "IF(%1$s %% 7 = 0, double('-Infinity'), %1$s / 3)"},
    {"boolean", "%1$s %% 2 = 0"},
    {"string", "IF(%1$s %% 6 = 0, '', concat('ü', repeat('x', pmod(%1$s, 9)), %1$s))"},
    {"binary", "CAST(CAST(%1$s AS STRING) AS BINARY)"},
    {"date", "date_add(DATE'1970-01-01', CAST(%1$s %% 30000 AS INT))"},
    {"timestamp", "timestamp_micros(%1$s %% 2000000000000000)"},
    {"decimal(7,2)", "(%1$s %% 9999999) / 100"},
    {"decimal(18,5)", "(%1$s %% 9999999999) / 1000"},
    {"decimal(38,10)", "CAST(%1$s AS DECIMAL(38,10)) * 1000"},
    {"timestamp_ntz", "CAST(timestamp_micros(%1$s %% 2000000000000000) AS TIMESTAMP_NTZ)"},
  };

  /** Types of partition columns, with few values each. */
  private static final String[][] PARTITIONS = {
    {"int", "%1$s %% 3"},
    {"string", "element_at(array('a b', 'c/d=%%2F', 'ü?#&'), CAST(pmod(%1$s, 3) + 1 AS INT))"},
    {"date", "date_add(DATE'2024-02-28', CAST(pmod(%1$s, 3) AS INT))"},
    {"boolean", "%1$s %% 2 = 0"},
    {"decimal(9,3)", "(%1$s %% 2) / 8"},
    {"timestamp", "timestamp_micros(pmod(%1$s, 2) * 1234567890123)"},
  };

  private final String ddl;
  private final String template;
  private final List<String> names;
  private final List<RandomType> children;

  private RandomType(String ddl, String template, List<String> names, List<RandomType> children) {
    this.ddl = ddl;
    this.template = template;
    this.names = names;
    this.children = children;
  }

  /**
   * A type of a column.
   *
   * @param depth how many levels it may nest
   * @param ntz whether it may be a timestamp without zone, a reader feature
   */
  static RandomType of(Random random, int depth, boolean ntz) {
    if (depth == 0 || random.nextInt(3) > 0) {
      return primitive(PRIMITIVES[random.nextInt(PRIMITIVES.length - (ntz ? 0 : 1))]);
    }
    RandomType child = of(random, depth - 1, ntz);
    return switch (random.nextInt(3)) {
      case 0 -> new RandomType("array<" + child.ddl + ">", null, List.of(), List.of(child));
      case 1 -> new RandomType("map<string," + child.ddl + ">", null, List.of(), List.of(child));
      default -> struct(List.of("x", "Yé"), List.of(child, of(random, depth - 1, ntz)));
    };
  }

  static RandomType partition(Random random) {
    return primitive(PARTITIONS[random.nextInt(PARTITIONS.length)]);
  }

  static RandomType bigint() {
    return primitive(PRIMITIVES[3]);
  }

  private static RandomType primitive(String[] type) {
    return new RandomType(type[0], type[1], List.of(), List.of());
  }

  private static RandomType struct(List<String> names, List<RandomType> types) {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      fields.add("`" + names.get(i) + "`:" + types.get(i).ddl);
    }
    return new RandomType("struct<" + String.join(",", fields) + ">", null, names, types);
  }

  String ddl() {
    return ddl;
  }

  /** An expression of this type over the key {@code k}. */
  String value(int salt) {
    String hash = "(xxhash64(k, " + salt + ") % 1000000007)";
    String value;
    if (template != null) {
      value = template.formatted(hash);
    } else if (ddl.startsWith("array<")) {
      value =
          "slice(array(%s, %s, %s), 1, CAST(pmod(%s, 4) AS INT))"
              .formatted(
                  children.get(0).value(salt + 1),
                  children.get(0).value(salt + 2),
                  children.get(0).value(salt + 3),
                  hash);
    } else if (ddl.startsWith("map<")) {
      value =
          "map(concat('k', pmod(%s, 3)), %s, 'z', %s)"
              .formatted(hash, children.get(0).value(salt + 1), children.get(0).value(salt + 2));
    } else {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        fields.add("'" + names.get(i) + "', " + children.get(i).value(salt + 10 * (i + 1)));
      }
      value = "named_struct(" + String.join(", ", fields) + ")";
    }
    return "CAST(IF(pmod(xxhash64(k, %d), 6) = 0, NULL, %s) AS %s)".formatted(-salt, value, ddl);
  }
}
