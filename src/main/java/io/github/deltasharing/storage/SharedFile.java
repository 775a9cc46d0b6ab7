package io.github.deltasharing.storage;

import java.io.Serializable;

/**
 * A data file of a shared table: how it is called, where it is, how long it is. Immutable; travels
 * to executors.
 */
public final class SharedFile implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The size of a file whose length the server does not tell; nothing is checked against it. */
  public static final long UNKNOWN_SIZE = -1;

  private final String table;
  private final String id;
  private final SignedUrl url;
  private final long size;

  /**
   * @param table {@code share.schema.table}, for messages
   * @param id the server's id of the file
   * @param size in bytes, as the server says; what the store sends is checked against it
   */
  public SharedFile(String table, String id, SignedUrl url, long size) {
    this.table = table;
    this.id = id;
    this.url = url;
    this.size = size;
  }

  public String table() {
    return table;
  }

  public String id() {
    return id;
  }

  public SignedUrl url() {
    return url;
  }

  public long size() {
    return size;
  }

  @Override
  public String toString() {
    return "SharedFile[" + table + ", id=" + id + ", size=" + size + "]";
  }
}
