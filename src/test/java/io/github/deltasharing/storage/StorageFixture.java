/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.storage.url.SignedUrlAccess;
import io.github.deltasharing.testing.StubAnswer;
import io.github.deltasharing.testing.StubServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A store with one file behind a signed URL. */
public final class StorageFixture {
  public static final String PATH = "/bucket/canary.parquet";

  private StorageFixture() {}

  public static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  public static StubServer store(byte[] file) {
    return new StubServer().on(PATH, request -> StubAnswer.file(request, file));
  }

  public static SharedFile file(StubServer store, long size) {
    return new SharedFile(
        "share.schema.table", "id-1", new SignedUrl(store.url(PATH + "?sig=canary%2Fx")), size);
  }

  public static HttpSettings settings(String... namesAndValues) {
    Map<String, String> options = new HashMap<>(Map.of("retrySleepInterval", "1ms"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      options.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new SharingReadConf(options, name -> null).http().withLoopbackStores(true);
  }

  /** Over signed URLs that nobody refreshes. */
  public static FileAccess access(HttpSettings settings) {
    return new SignedUrlAccess(null, settings);
  }

  /** The same by way of the cache, where the settings want it. */
  public static FileAccess access(String table, HttpSettings settings) {
    return CachingAccess.of(access(settings), table, settings);
  }

  public static RangeReader reader(SharedFile file, HttpSettings settings, IoStats stats) {
    return access(settings).open(file, stats);
  }

  /** The ranges asked for, in their order. */
  public static List<String> ranges(StubServer store) {
    return store.requests().stream().map(r -> r.header("Range")).toList();
  }
}
