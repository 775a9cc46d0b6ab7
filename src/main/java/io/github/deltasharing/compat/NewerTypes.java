/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.compat;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;

/**
 * Types that Spark has since 4.0: variants, and strings with a collation. The running Spark's
 * parser says which ones there are, so that no class is named here that an older line lacks. Driver
 * and executors; stateless.
 */
public final class NewerTypes {
  /** The session's switch for files in which a part of a variant has columns of its own. */
  public static final String SHREDDED_CONF = "spark.sql.variant.allowReadingShredded";

  /** What a name of a collation may be made of: it becomes part of a text that is parsed. */
  private static final Pattern COLLATION = Pattern.compile("[A-Za-z0-9_]{1,100}");

  /** The collation of plain strings. */
  private static final String BINARY = "UTF8_BINARY";

  private NewerTypes() {}

  /** What is found out of the driver's Spark, when it is first asked for. */
  private static final class Line {
    static final Optional<DataType> VARIANT = parsed("VARIANT");
    static final boolean COLLATIONS = parsed("STRING COLLATE UTF8_LCASE").isPresent();
  }

  /** The type of variants; empty before Spark 4.0. Driver only. */
  public static Optional<DataType> variant() {
    return Line.VARIANT;
  }

  /** Whether the session's readers put shredded variants together. Driver only. */
  public static boolean readsShredded() {
    return variant().isPresent()
        && Boolean.parseBoolean(SQLConf.get().getConfString(SHREDDED_CONF));
  }

  /** Whether strings can have a collation. Driver only. */
  public static boolean hasCollations() {
    return Line.COLLATIONS;
  }

  /** The type of strings with a collation of Spark's; empty where it has none of this name. */
  public static Optional<DataType> collated(String collation) {
    if (collation.equals(BINARY)) {
      return Optional.of(DataTypes.StringType);
    }
    return COLLATION.matcher(collation).matches()
        ? parsed("STRING COLLATE " + collation)
        : Optional.empty();
  }

  /** Whether a type is that of variants. */
  public static boolean isVariant(DataType type) {
    return type.typeName().equals("variant");
  }

  /** Whether equal values of a type may differ in their bytes. */
  public static boolean isCollated(DataType type) {
    return type instanceof StringType && !type.equals(DataTypes.StringType);
  }

  private static Optional<DataType> parsed(String type) {
    try {
      return Optional.of(CatalystSqlParser$.MODULE$.parseDataType(type));
    } catch (Exception | LinkageError e) { // Checked ones too: Scala does not declare them.
      return Optional.empty();
    }
  }
}
