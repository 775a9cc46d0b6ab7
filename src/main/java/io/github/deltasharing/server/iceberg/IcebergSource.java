/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableChanges;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.VersionRange;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The versions of an Iceberg table. Looks for newer metadata each time. Safe for use by several
 * threads.
 */
final class IcebergSource implements TableSource {
  private final String name;
  private final Supplier<LoadedTable> loading;
  private final LongSupplier weight;
  private final LongSupplier queryWeight;

  /**
   * @param loading reads the table's metadata, if it is not in memory
   * @param weight an estimate of the memory that reading it takes
   * @param queryWeight the same of a query of the latest version
   */
  IcebergSource(
      String name, Supplier<LoadedTable> loading, LongSupplier weight, LongSupplier queryWeight) {
    this.name = name;
    this.loading = loading;
    this.weight = weight;
    this.queryWeight = queryWeight;
  }

  @Override
  public TableSnapshot latest() {
    LoadedTable loaded = loading.get();
    return loaded.snapshot(loaded.lineage().head());
  }

  @Override
  public long latestVersion() {
    return loading.get().lineage().head().version();
  }

  @Override
  public TableSnapshot atVersion(long version) {
    LoadedTable loaded = loading.get();
    return loaded.snapshot(loaded.lineage().version(version));
  }

  @Override
  public TableSnapshot atTimestamp(Instant time) {
    LoadedTable loaded = loading.get();
    return loaded.snapshot(loaded.lineage().asOf(time));
  }

  @Override
  public long versionAtOrAfter(Instant time) {
    return loading
        .get()
        .lineage()
        .atOrAfter(time)
        .map(TableVersion::version)
        .orElseThrow(
            () ->
                SourceException.invalid(
                    "Cannot find a version of %s at or after %s: its latest snapshot is earlier"
                        .formatted(name, time)));
  }

  @Override
  public long versionAtOrBefore(Instant time) {
    return loading
        .get()
        .lineage()
        .atOrBefore(time)
        .map(TableVersion::version)
        .orElseThrow(
            () ->
                SourceException.invalid(
                    "Cannot find a version of %s at or before %s: its first snapshot is later"
                        .formatted(name, time)));
  }

  @Override
  public TableChanges changes(VersionRange range) {
    return IcebergChanges.of(loading.get(), range);
  }

  @Override
  public long readingBytes() {
    return weight.getAsLong();
  }

  @Override
  public long latestQueryBytes() {
    return queryWeight.getAsLong();
  }
}
