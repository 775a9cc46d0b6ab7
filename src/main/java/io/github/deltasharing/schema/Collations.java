/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import io.github.deltasharing.compat.NewerTypes;
import io.github.deltasharing.error.SharingErrors;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;

/**
 * The collations of a field's strings, which its metadata has beside a plain type: {@code
 * {"__COLLATIONS": {"<field>[.element|.key|.value]…": "<provider>.<name>"}}} (Delta's proposal
 * "Collated String Type"). Where Spark has no collations strings stay plain, as Delta wants it of
 * readers that know none. Immutable.
 */
final class Collations {
  static final String KEY = "__COLLATIONS";

  private static final Set<String> PROVIDERS = Set.of("spark", "icu");

  private final String table;
  private final Metadata byPath;

  private Collations(String table, Metadata byPath) {
    this.table = table;
    this.byPath = byPath;
  }

  /**
   * The type of a field with its collations.
   *
   * @param metadata the field's
   * @throws io.github.deltasharing.error.SharingException if Spark does not know one of them
   */
  static DataType applied(String table, String field, DataType type, Metadata metadata) {
    return metadata.contains(KEY) && NewerTypes.hasCollations()
        ? new Collations(table, metadata.getMetadata(KEY)).of(type, field)
        : type;
  }

  /** Structs have their own fields' collations themselves. */
  private DataType of(DataType type, String path) {
    if (type instanceof ArrayType array) {
      return new ArrayType(of(array.elementType(), path + ".element"), array.containsNull());
    }
    if (type instanceof MapType map) {
      return new MapType(
          of(map.keyType(), path + ".key"),
          of(map.valueType(), path + ".value"),
          map.valueContainsNull());
    }
    return type instanceof StringType && byPath.contains(path)
        ? string(byPath.getString(path), path)
        : type;
  }

  private DataType string(String collation, String path) {
    int dot = collation.indexOf('.');
    if (dot > 0 && PROVIDERS.contains(collation.substring(0, dot).toLowerCase(Locale.ROOT))) {
      var type = NewerTypes.collated(collation.substring(dot + 1));
      if (type.isPresent()) {
        return type.get();
      }
    }
    throw SharingErrors.unknownCollation(table, path, collation);
  }
}
