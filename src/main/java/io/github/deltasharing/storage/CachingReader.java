/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.storage.RangeCache.FileKey;

/**
 * Reads a file by way of the cache of this JVM: ranges that are there need no request, others are
 * kept there when they have come. Bytes of the cache that are not of the same version of the file
 * are not used. Ranges that are streamed are not cached. Thread-safe.
 */
final class CachingReader implements RangeReader {
  private final RangeReader reader;
  private final RangeCache cache;
  private final FileKey key;
  private final long mostBytes;

  /**
   * @param reader reads what is not in the cache
   * @param key names the file to the cache
   * @param mostBytes how many bytes the cache may have
   */
  CachingReader(RangeReader reader, RangeCache cache, FileKey key, long mostBytes) {
    this.reader = reader;
    this.cache = cache;
    this.key = key;
    this.mostBytes = mostBytes;
    version().onOther(this::distrust);
  }

  @Override
  public SharedFile file() {
    return reader.file();
  }

  @Override
  public IoStats stats() {
    return reader.stats();
  }

  @Override
  public FileVersion version() {
    return reader.version();
  }

  @Override
  public RangeStream stream(long start, long end) {
    return reader.stream(start, end);
  }

  @Override
  public PooledBytes cached(long start, long end) {
    RangeCache.Entry entry = cache.get(key, start, end);
    if (entry == null || !version().accepts(entry.etag())) {
      return null;
    }
    stats().fromCache(end - start);
    return entry.bytes();
  }

  @Override
  public byte[] read(long start, long end) {
    PooledBytes cached = cached(start, end);
    if (cached != null) {
      return cached.whole();
    }
    byte[] bytes = reader.read(start, end);
    put(start, end, PooledBytes.of(bytes));
    return bytes;
  }

  @Override
  public PooledBytes readPooled(long start, long end) {
    PooledBytes cached = cached(start, end);
    if (cached != null) {
      return cached;
    }
    PooledBytes bytes = reader.readPooled(start, end);
    PooledBytes forAll = bytes.notRecycled();
    return put(start, end, forAll) ? forAll : bytes;
  }

  private boolean put(long start, long end, PooledBytes bytes) {
    return cache.put(key, start, end, new RangeCache.Entry(bytes, version().etag()), mostBytes);
  }

  /** The next try is to see the bytes of the store, not these. */
  @Override
  public void distrust() {
    cache.forget(key);
    reader.distrust();
  }
}
