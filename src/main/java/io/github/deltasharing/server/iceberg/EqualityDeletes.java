/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.table.DeletedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Finds the rows of data files that equality deletes delete, in one listing of a table's files, up
 * to what it may read. Which deletes apply to a file is Iceberg's plan's to say. Used by one
 * thread.
 */
final class EqualityDeletes {
  private static final long MOST_BYTES = 1L << 30;
  private static final long MOST_DELETES = 1_000_000;

  /** Of the delete files' columns, which are kept until the listing's end. */
  private static final long MOST_KEY_BYTES = 64L << 20;

  private final IcebergTable table;
  private final Schema schema;
  private final ResolvedDeletes resolved;
  private final Map<String, Set<List<Object>>> read = new HashMap<>();
  private long bytes;
  private long deletes;
  private long keyBytes;

  /**
   * @param schema of the version
   */
  EqualityDeletes(IcebergTable table, Schema schema, ResolvedDeletes resolved) {
    this.table = table;
    this.schema = schema;
    this.resolved = resolved;
  }

  /** The rows of a data file that any of some files of equality deletes deletes. */
  DeletedRows rows(DataFile file, Collection<DeleteFile> files) {
    return resolved.get(table, file, files, () -> find(file, files));
  }

  private DeletedRows find(DataFile file, Collection<DeleteFile> files) {
    Map<List<Integer>, List<Set<List<Object>>>> byColumns = new LinkedHashMap<>();
    TreeSet<Integer> all = new TreeSet<>();
    for (DeleteFile delete : files) {
      List<Integer> ids = delete.equalityFieldIds().stream().sorted().distinct().toList();
      all.addAll(ids);
      byColumns.computeIfAbsent(ids, any -> new ArrayList<>()).add(keys(delete, ids));
    }
    List<Integer> order = List.copyOf(all);
    DeletedRows rows = new DeletedRows();
    Map<int[], List<Set<List<Object>>>> byPlaces = new LinkedHashMap<>();
    byColumns.forEach(
        (ids, keys) -> byPlaces.put(ids.stream().mapToInt(order::indexOf).toArray(), keys));
    long count =
        EqualityReader.read(
            table,
            file.location(),
            columns(order),
            false,
            this::spend,
            (position, values) ->
                byPlaces.forEach(
                    (places, keys) -> {
                      List<Object> key = Arrays.stream(places).mapToObj(i -> values[i]).toList();
                      if (keys.stream().anyMatch(set -> set.contains(key))) {
                        rows.add(position);
                      }
                    }));
    if (count != file.recordCount()) {
      throw table.unsupported("a data file has not the number of rows that its metadata says");
    }
    rows.trim();
    return rows;
  }

  private Set<List<Object>> keys(DeleteFile delete, List<Integer> ids) {
    Set<List<Object>> known = read.get(delete.location());
    if (known != null) {
      return known;
    }
    if (delete.format() != FileFormat.PARQUET) {
      throw table.unsupported("its equality deletes are in %s files".formatted(delete.format()));
    }
    deletes += delete.recordCount();
    requireFew();
    Set<List<Object>> keys = new HashSet<>();
    EqualityReader.read(
        table,
        delete.location(),
        columns(ids),
        true,
        this::spendOnKeys,
        (position, values) -> {
          if (position >= delete.recordCount()) {
            throw table.unsupported(
                "a file of its equality deletes has more rows than its metadata says");
          }
          keys.add(List.of(values.clone()));
        });
    read.put(delete.location(), keys);
    return keys;
  }

  private List<EqualityColumn> columns(List<Integer> ids) {
    return ids.stream().map(this::column).map(EqualityColumn::new).toList();
  }

  /** Iceberg's own readers fail for a column that was dropped since, too. */
  private NestedField column(int id) {
    NestedField column = schema.asStruct().field(id);
    if (column == null) {
      throw table.unsupported(
          "it has equality deletes by a column that was dropped or is inside another one. Have the table compacted (rewrite_data_files)");
    }
    return column;
  }

  private void spend(long more) {
    bytes += more;
    requireFew();
  }

  private void spendOnKeys(long more) {
    keyBytes += more;
    spend(more);
  }

  private void requireFew() {
    if (bytes > MOST_BYTES || keyBytes > MOST_KEY_BYTES || deletes > MOST_DELETES) {
      throw table.unsupported(
          "its equality deletes are more than %d rows or %d MiB, or the columns to find their rows by have more than %d MiB, which is more than this server resolves. Have the table compacted (rewrite_data_files)"
              .formatted(MOST_DELETES, MOST_KEY_BYTES >> 20, MOST_BYTES >> 20));
    }
  }
}
