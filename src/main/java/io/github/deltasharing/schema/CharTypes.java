/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.util.CharVarcharUtils$;
import org.apache.spark.sql.types.DataType;

/** The char and varchar types that Spark notes in columns' metadata. Stateless. */
public final class CharTypes {
  /** The metadata's key; Spark parses the value, whatever it is. */
  public static final String KEY = "__CHAR_VARCHAR_TYPE_STRING";

  private static final int MOST_CHARS = 1 << 16;

  private CharTypes() {}

  /** Whether Spark can take {@code text} for what it knows as {@code type}. */
  public static boolean fits(String text, DataType type) {
    if (text.length() > MOST_CHARS) {
      return false;
    }
    try {
      DataType noted = CatalystSqlParser$.MODULE$.parseDataType(text);
      return CharVarcharUtils$.MODULE$
          .replaceCharVarcharWithString(noted)
          .catalogString()
          .equals(type.catalogString());
    } catch (Exception | LinkageError e) { // Checked ones too: Scala does not declare them.
      return false;
    }
  }
}
