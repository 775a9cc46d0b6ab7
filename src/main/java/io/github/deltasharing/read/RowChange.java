/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.read;

import java.io.Serializable;

/**
 * Which commit changed a split's rows, and how. A class, not a record, for Kryo. Immutable; travels
 * to executors.
 */
public final class RowChange implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final long version;
  private final long timestamp;

  /**
   * @param type of all the rows, or null where the file has a column that says it of each
   * @param version of the commit
   * @param timestamp of the commit, epoch milliseconds
   */
  public RowChange(String type, long version, long timestamp) {
    this.type = type;
    this.version = version;
    this.timestamp = timestamp;
  }

  public String type() {
    return type;
  }

  public long version() {
    return version;
  }

  /** Epoch milliseconds. */
  public long timestamp() {
    return timestamp;
  }

  @Override
  public String toString() {
    return "RowChange[" + (type == null ? "of several types" : type) + ", version " + version + "]";
  }
}
