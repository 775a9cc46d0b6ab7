/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

/**
 * What columns are called in statistics, and beside their ids for readers of files: the name that a
 * column has in all files, if it was never renamed, no other column of its struct ever had that
 * name, and this is known for certain; else {@code col-<id>}. A name that another column has in
 * some file misleads Spark's reader even where it looks for ids. Immutable.
 */
final class PhysicalNames {
  private final Map<Integer, String> kept = new HashMap<>();
  private final String prefix;

  PhysicalNames(TableMetadata metadata) {
    this.prefix = prefix(metadata.schemas());
    if (!isWhole(metadata)) {
      return;
    }
    Map<Integer, Set<String>> names = new HashMap<>();
    Map<String, Set<Integer>> ids = new HashMap<>();
    for (Schema schema : metadata.schemas()) {
      Map<Integer, Integer> parents = TypeUtil.indexParents(schema.asStruct());
      TypeUtil.indexById(schema.asStruct())
          .forEach(
              (id, field) -> {
                names.computeIfAbsent(id, any -> new HashSet<>()).add(field.name());
                ids.computeIfAbsent(
                        parents.get(id) + "/" + field.name().toLowerCase(Locale.ROOT),
                        any -> new HashSet<>())
                    .add(id);
              });
    }
    ids.values().stream()
        .filter(owners -> owners.size() == 1)
        .flatMap(Set::stream)
        .filter(id -> names.get(id).size() == 1)
        .forEach(id -> kept.put(id, names.get(id).iterator().next()));
  }

  /** One that no column's name begins with. */
  private static String prefix(List<Schema> schemas) {
    Set<String> names = new HashSet<>();
    for (Schema schema : schemas) {
      TypeUtil.indexById(schema.asStruct())
          .values()
          .forEach(field -> names.add(field.name().toLowerCase(Locale.ROOT)));
    }
    String prefix = "col-";
    while (isStart(prefix, names)) {
      prefix += "-";
    }
    return prefix;
  }

  private static boolean isStart(String prefix, Set<String> names) {
    return names.stream().anyMatch(name -> name.startsWith(prefix));
  }

  /**
   * Whether the metadata has all schemas that the table ever had. That of early writers has the
   * current one alone, and its snapshots name none.
   */
  private static boolean isWhole(TableMetadata metadata) {
    List<Schema> schemas = metadata.schemas();
    Set<Integer> ids = new HashSet<>();
    int last = -1;
    int column = -1;
    for (Schema schema : schemas) {
      ids.add(schema.schemaId());
      last = Math.max(last, schema.schemaId());
      column = Math.max(column, schema.highestFieldId());
    }
    boolean named = metadata.snapshots().stream().allMatch(snapshot -> snapshot.schemaId() != null);
    return named && ids.size() == last + 1 && ids.contains(0) && column == metadata.lastColumnId();
  }

  String of(NestedField field) {
    return kept.getOrDefault(field.fieldId(), prefix + field.fieldId());
  }
}
