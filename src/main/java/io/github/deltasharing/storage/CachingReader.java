package io.github.deltasharing.storage;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.storage.RangeCache.FileKey;

/**
 * Reads a file by way of the cache of this JVM: ranges that are there are not asked for, others are
 * kept there when they have come. What the store sends is checked as ever; bytes of the cache that
 * are not of the same version of the file (by ETag) are not used. Thread-safe.
 */
final class CachingReader extends RangeReader {
  private final RangeCache cache;
  private final FileKey key;
  private final long most;

  /**
   * @param table tells the table from all others
   */
  CachingReader(
      RangeCache cache,
      String table,
      SharedFile file,
      UrlRefresher refresher,
      HttpSettings settings,
      IoStats stats) {
    super(file, refresher, settings, stats);
    this.cache = cache;
    this.key = new FileKey(table, file.key(), file.size(), file.url().place());
    this.most = settings.cacheMemory();
  }

  @Override
  HeldBytes cached(long start, long end) {
    RangeCache.Entry entry = cache.get(key, start, end);
    if (entry == null) {
      return null;
    }
    if (!isOfThisVersion(entry.etag())) {
      distrust();
      return null;
    }
    stats().fromCache(end - start);
    return entry.bytes();
  }

  @Override
  byte[] read(long start, long end) {
    HeldBytes cached = cached(start, end);
    if (cached != null) {
      return cached.whole();
    }
    byte[] bytes = super.read(start, end);
    put(start, end, HeldBytes.of(bytes));
    return bytes;
  }

  @Override
  HeldBytes hold(long start, long end) {
    HeldBytes cached = cached(start, end);
    if (cached != null) {
      return cached;
    }
    HeldBytes bytes = super.hold(start, end);
    HeldBytes forAll = bytes.notRecycled();
    return put(start, end, forAll) ? forAll : bytes;
  }

  private boolean put(long start, long end, HeldBytes bytes) {
    return cache.put(key, start, end, new RangeCache.Entry(bytes, etag()), most);
  }

  /** The next try is to see the store's bytes, not these. */
  @Override
  void distrust() {
    cache.forget(key);
  }
}
