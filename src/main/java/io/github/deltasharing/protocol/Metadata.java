package io.github.deltasharing.protocol;

import java.util.List;
import java.util.Map;

/**
 * A shared table's metadata, in either dialect.
 *
 * @param id the table's id; the same through renames, another one when the table is created anew
 * @param provider the encoding of data files, {@code parquet}
 * @param schemaString the schema as Delta writes it, JSON
 * @param partitionColumns names of the partition columns, in order
 * @param configuration table properties
 * @param version the version this belongs to, or null
 * @param size bytes of all files, or null
 * @param numFiles number of files, or null
 * @param accessModes how its files can be had, {@code url} or {@code dir}; empty for {@code url}
 */
public record Metadata(
    String id,
    String name,
    String description,
    String provider,
    String schemaString,
    List<String> partitionColumns,
    Map<String, String> configuration,
    Long version,
    Long size,
    Long numFiles,
    List<String> accessModes) {
  public Metadata {
    partitionColumns = List.copyOf(partitionColumns);
    configuration = Map.copyOf(configuration);
    accessModes = List.copyOf(accessModes);
  }
}
