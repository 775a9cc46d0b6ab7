/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.listing.UrlLifetime;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.read.FileScanTask;
import io.github.deltasharing.read.PartitionColumns;
import io.github.deltasharing.storage.DeletionVectorRef;
import io.github.deltasharing.storage.SharedFile;
import io.github.deltasharing.storage.SignedUrl;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.types.StructType;

/**
 * Turns files of a table into splits of their living rows, each a whole file. Used by one thread.
 */
final class FileScanTasks {
  private final String table;
  private final PartitionColumns partitionColumns;
  private final Predicate<String> ambiguous;

  /** Files of one partition share the map; their splits share the array. */
  private final Map<Map<String, String>, String[]> values = new IdentityHashMap<>();

  private final Map<String, String> prefixes = new HashMap<>();

  /**
   * @param table {@code share.schema.table}, for messages
   * @param partition the partition columns that are read
   * @param ambiguous whether several files may have a key
   */
  FileScanTasks(
      String table, TableSchema schema, StructType partition, Predicate<String> ambiguous) {
    this.table = table;
    this.ambiguous = ambiguous;
    this.partitionColumns = schema.partitionColumns(partition);
  }

  /**
   * The split of a file.
   *
   * @param keyPrefix comes before the id in what names it when its URL is refreshed
   * @param life of the URLs of its listing
   */
  FileScanTask split(AddFile file, String keyPrefix, UrlLifetime life) {
    if (file.size() <= 0) {
      throw FileErrors.badFileSize(table, file.id(), file.size());
    }
    SharedFile shared =
        new SharedFile(
            table,
            file.id(),
            new SignedUrl(file.packedUrl()),
            file.size(),
            life.refreshAt(file.expirationTimestamp()));
    SharedFile named = shared.withKeyPrefix(prefixes.computeIfAbsent(keyPrefix, key -> key));
    if (ambiguous.test(named.key())) {
      named = named.notCacheable();
    }
    return new FileScanTask(
        named,
        0,
        file.size(),
        values.computeIfAbsent(
            file.partitionValues(), wire -> partitionColumns.texts(table, file.id(), wire)),
        DeletionVectorRef.of(named, file.deletionVector()));
  }
}
