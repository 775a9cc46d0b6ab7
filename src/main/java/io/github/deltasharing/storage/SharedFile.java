package io.github.deltasharing.storage;

import io.github.deltasharing.protocol.compact.PackedText;
import java.io.Serializable;

/**
 * A data file of a shared table: how it is called, where it is, how long it is. Immutable; travels
 * to executors.
 */
public final class SharedFile implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The size of a file whose length the server does not tell; nothing is checked against it. */
  public static final long UNKNOWN_SIZE = -1;

  /** When a URL is to be renewed whose end is not known: when the store refuses it. */
  public static final long NEVER = Long.MAX_VALUE;

  private final String table;
  private final String id;
  private final PackedText url;
  private final long size;
  private final long renewAt;
  private final String key;
  private final boolean cacheable;

  /**
   * @param table {@code share.schema.table}, for messages
   * @param id the server's id of the file
   * @param size in bytes, as the server says; what the store sends is checked against it
   * @param renewAt when to ask for another URL, epoch milliseconds; {@link #NEVER} for not
   */
  public SharedFile(String table, String id, SignedUrl url, long size, long renewAt) {
    this(table, id, url.packed(), size, renewAt, id, true);
  }

  private SharedFile(
      String table,
      String id,
      PackedText url,
      long size,
      long renewAt,
      String key,
      boolean cacheable) {
    this.table = table;
    this.id = id;
    this.url = url;
    this.size = size;
    this.renewAt = renewAt;
    this.key = key;
    this.cacheable = cacheable;
  }

  /** The same where it is not known when the URL expires. */
  public SharedFile(String table, String id, SignedUrl url, long size) {
    this(table, id, url, size, NEVER);
  }

  /** The same where the id alone does not tell which of the server's files it is. */
  public SharedFile withKey(String other) {
    return new SharedFile(table, id, url, size, renewAt, other, cacheable);
  }

  /** The same where its names may stand for other files too: its bytes are not to be kept. */
  public SharedFile notCacheable() {
    return new SharedFile(table, id, url, size, renewAt, key, false);
  }

  /** Whether bytes may be kept under its names. */
  boolean isCacheable() {
    return cacheable;
  }

  /** Names it when another URL is asked for: its id, if nothing else was said. */
  public String key() {
    return key;
  }

  public String table() {
    return table;
  }

  public String id() {
    return id;
  }

  public SignedUrl url() {
    return new SignedUrl(url);
  }

  public long size() {
    return size;
  }

  /** When to ask for another URL than the planned one. */
  public long renewAt() {
    return renewAt;
  }

  @Override
  public String toString() {
    return "SharedFile[" + table + ", id=" + id + ", size=" + size + "]";
  }
}
