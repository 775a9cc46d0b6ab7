/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.read.FileMetadata;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.types.DataType;

/** Offers {@code _metadata} to Spark: selectable by name, not part of {@code *}. */
final class FileMetadataColumn implements MetadataColumn {
  @Override
  public String name() {
    return FileMetadata.COLUMN;
  }

  @Override
  public DataType dataType() {
    return FileMetadata.SCHEMA;
  }

  @Override
  public boolean isNullable() {
    return false;
  }

  @Override
  public String comment() {
    return "the file that a row is from, and the row's position in it";
  }
}
