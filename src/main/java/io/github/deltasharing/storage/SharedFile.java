/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.protocol.compact.PackedText;
import java.io.Serializable;

/**
 * A data file of a shared table, or the file that its deletion vector is in: how it is called,
 * where it is, how long it is. Immutable; travels to executors.
 */
public final class SharedFile implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The size of a file whose length the server does not send; nothing is checked against it. */
  public static final long UNKNOWN_SIZE = -1;

  /** When a URL is to be refreshed whose end is not known: when the store refuses it. */
  public static final long NEVER = Long.MAX_VALUE;

  private final String table;
  private final String id;
  private final PackedText url;
  private final long size;
  private final long refreshAt;

  /** Shared by very many files. */
  private final String keyPrefix;

  private final boolean cacheable;
  private final boolean ofVectors;

  /**
   * @param table {@code share.schema.table}, for messages
   * @param id the server's id of the file
   * @param size in bytes, as the server says; what the store sends is checked against it
   * @param refreshAt when to refresh the URL, epoch milliseconds; {@link #NEVER} for not
   */
  public SharedFile(String table, String id, SignedUrl url, long size, long refreshAt) {
    this(table, id, url.packed(), size, refreshAt, "", true, false);
  }

  private SharedFile(
      String table,
      String id,
      PackedText url,
      long size,
      long refreshAt,
      String keyPrefix,
      boolean cacheable,
      boolean ofVectors) {
    this.table = table;
    this.id = id;
    this.url = url;
    this.size = size;
    this.refreshAt = refreshAt;
    this.keyPrefix = keyPrefix;
    this.cacheable = cacheable;
    this.ofVectors = ofVectors;
  }

  /** The same where it is not known when the URL expires. */
  public SharedFile(String table, String id, SignedUrl url, long size) {
    this(table, id, url, size, NEVER);
  }

  /**
   * The same where the id alone does not identify the file.
   *
   * @param prefix its key begins so, and ends with the id; best one object for all files
   */
  public SharedFile withKeyPrefix(String prefix) {
    return new SharedFile(table, id, url, size, refreshAt, prefix, cacheable, ofVectors);
  }

  /** The same where other files may have its names: its bytes are not to be cached. */
  public SharedFile notCacheable() {
    return new SharedFile(table, id, url, size, refreshAt, keyPrefix, false, ofVectors);
  }

  /**
   * The file that this data file's deletion vector is in. It has the data file's key: its URL is
   * refreshed with the data file's.
   */
  public SharedFile vectorsAt(SignedUrl vectors) {
    return new SharedFile(
        table, id, vectors.packed(), UNKNOWN_SIZE, refreshAt, keyPrefix, false, true);
  }

  /** Whether it is the file of a deletion vector. */
  public boolean ofVectors() {
    return ofVectors;
  }

  /** Whether bytes may be kept under its names. */
  boolean isCacheable() {
    return cacheable;
  }

  /** Names it when its URL is refreshed: its id, if nothing else was said. */
  public String key() {
    return keyPrefix.isEmpty() ? id : keyPrefix + id;
  }

  public String table() {
    return table;
  }

  /** Names it in messages. */
  public String id() {
    return ofVectors ? "deletion vector of " + id : id;
  }

  /** The server's id of the data file. */
  public String dataId() {
    return id;
  }

  public SignedUrl url() {
    return new SignedUrl(url);
  }

  public long size() {
    return size;
  }

  /** When to refresh the planned URL. */
  public long refreshAt() {
    return refreshAt;
  }

  @Override
  public String toString() {
    return "SharedFile[" + table + ", id=" + id() + ", size=" + size + "]";
  }
}
