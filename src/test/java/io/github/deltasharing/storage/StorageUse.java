package io.github.deltasharing.storage;

/** What this JVM's reads hold, for tests on higher floors. */
public final class StorageUse {
  private StorageUse() {}

  /** Fetches that run. */
  public static int fetches() {
    return FetchPool.shared().running();
  }

  /** Files that are open. */
  public static int files() {
    return SharedFileSystem.registered();
  }

  /** What the cache takes. */
  public static long cachedBytes() {
    return RangeCache.shared().bytes();
  }

  public static void clearCache() {
    RangeCache.shared().clear();
  }
}
