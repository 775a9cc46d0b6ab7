/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which of the change columns ({@code _change_type} …) a scan reads. A class, not a record, for
 * Kryo. Immutable; travels to executors.
 */
public final class ChangeColumns implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a row: insert, delete, update_preimage or update_postimage. */
  public static final String TYPE = "_change_type";

  /** Of the commit. */
  public static final String VERSION = "_commit_version";

  /** Of the commit. */
  public static final String TIMESTAMP = "_commit_timestamp";

  public static final List<String> NAMES = List.of(TYPE, VERSION, TIMESTAMP);

  /** A scan of a table's rows, not of its changes. */
  public static final ChangeColumns NONE = new ChangeColumns(false, new StructType());

  private final boolean type;
  private final StructType commit;

  private ChangeColumns(boolean type, StructType commit) {
    this.type = type;
    this.commit = commit;
  }

  /** Those among the columns that a scan reads, whatever else is among them. */
  public static ChangeColumns among(StructType columns) {
    StructType commit = new StructType();
    boolean type = false;
    for (StructField field : columns.fields()) {
      if (field.name().equals(TYPE)) {
        type = true;
      } else if (NAMES.contains(field.name())) {
        commit = commit.add(field);
      }
    }
    return new ChangeColumns(type, commit);
  }

  static StructField typeField() {
    return new StructField(
        TYPE, DataTypes.StringType, true, org.apache.spark.sql.types.Metadata.empty());
  }

  /** As files of changes have it: in each row. */
  static StructField typeFieldOfFiles() {
    return new StructField(
        TYPE, DataTypes.StringType, false, org.apache.spark.sql.types.Metadata.empty());
  }

  boolean hasType() {
    return type;
  }

  /** Version and timestamp, those of them that are read. */
  StructType commit() {
    return commit;
  }

  /** The columns of a scan, in the order in which its readers give them. */
  public StructType around(StructType data, StructType partition) {
    StructType all = type ? data.add(typeField()) : data;
    for (StructType part : new StructType[] {partition, commit}) {
      for (StructField field : part.fields()) {
        all = all.add(field);
      }
    }
    return all;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ChangeColumns that && type == that.type && commit.equals(that.commit);
  }

  @Override
  public int hashCode() {
    return commit.hashCode() + (type ? 1 : 0);
  }
}
