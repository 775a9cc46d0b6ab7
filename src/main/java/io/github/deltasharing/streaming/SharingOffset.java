/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.protocol.ResponseFormat;
import org.apache.spark.sql.connector.read.streaming.Offset;

/**
 * The position of a stream, as its checkpoint keeps it. Immutable; equal when the JSON is, as Spark
 * wants it. One that was read keeps its text: written by another connector, it is still the same.
 */
public final class SharingOffset extends Offset {
  private static final SharingOffset INITIAL = new SharingOffset("", null, null, null, "{}");

  private final String tableId;
  private final StreamPosition position;
  private final FileOrder order;
  private final StreamPosition origin;
  private final String json;

  SharingOffset(
      String tableId,
      StreamPosition position,
      FileOrder order,
      StreamPosition origin,
      String json) {
    this.tableId = tableId;
    this.position = position;
    this.order = order;
    this.origin = origin;
    this.json = json;
  }

  /**
   * An offset of this connector.
   *
   * @param order how files are counted; matters in the midst of a version only
   * @param origin where the stream began, in the offset of its first batch; else null
   */
  static SharingOffset of(
      String tableId, StreamPosition position, FileOrder order, StreamPosition origin) {
    FileOrder kept = position.isStart() ? null : order;
    return new SharingOffset(
        tableId, position, kept, origin, OffsetJson.write(tableId, position, kept, origin));
  }

  /** The start of a stream that has no checkpoint: which version that is, is not requested yet. */
  public static SharingOffset initial() {
    return INITIAL;
  }

  /**
   * Reads what this connector, or the upstream one in either of its ways, wrote.
   *
   * @param table its name, for messages
   */
  public static SharingOffset fromJson(String table, String json) {
    return json.equals(INITIAL.json) ? INITIAL : OffsetJson.read(table, json);
  }

  boolean isInitial() {
    return position == null;
  }

  String tableId() {
    return tableId;
  }

  /** Null of the initial offset. */
  StreamPosition position() {
    return position;
  }

  /** How the files of the version are counted; null at its start. */
  FileOrder order() {
    return order;
  }

  /** The format in which the version has to be requested; null where any will do. */
  ResponseFormat format() {
    return order == null ? null : order.format();
  }

  /** Where the batch that ends here began, if it is the stream's first; else null. */
  StreamPosition origin() {
    return origin;
  }

  @Override
  public String json() {
    return json;
  }
}
