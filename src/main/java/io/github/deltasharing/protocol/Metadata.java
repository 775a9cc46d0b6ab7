/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.annotation.PublicApi;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A shared table's metadata, in either format. Immutable.
 *
 * @param id the table's id; the same through renames, another one when the table is created anew
 * @param name the table's name where it was created, or null
 * @param description or null
 * @param fileFormat the encoding of data files
 * @param schemaString the schema as Delta writes it, JSON
 * @param partitionColumns names of the partition columns, in order
 * @param configuration table properties
 * @param createdTime when the table was created, epoch milliseconds, or null; delta format only
 * @param version the version this belongs to, or null
 * @param size bytes of all files, or null
 * @param numFiles number of files, or null
 * @param access how its files can be had
 */
@PublicApi
public record Metadata(
    String id,
    String name,
    String description,
    FileFormat fileFormat,
    String schemaString,
    List<String> partitionColumns,
    Map<String, String> configuration,
    Long createdTime,
    Long version,
    Long size,
    Long numFiles,
    TableAccess access) {
  public Metadata {
    partitionColumns = List.copyOf(partitionColumns);
    configuration = ordered(configuration);
  }

  /** Metadata of a table whose files' format has no options and whose creation time is unsaid. */
  public Metadata(
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
    this(
        id,
        name,
        description,
        new FileFormat(provider, Map.of()),
        schemaString,
        partitionColumns,
        configuration,
        null,
        version,
        size,
        numFiles,
        new TableAccess(accessModes, null, List.of()));
  }

  /**
   * The same with what its server says of the table.
   *
   * @param named the version, or null
   * @param bytes of all files, or null
   * @param files number of files, or null
   * @param offered how its files can be had
   */
  public Metadata served(Long named, Long bytes, Long files, TableAccess offered) {
    return new Metadata(
        id,
        name,
        description,
        fileFormat,
        schemaString,
        partitionColumns,
        configuration,
        createdTime,
        named,
        bytes,
        files,
        offered);
  }

  /** How its files can be had, {@code url} or {@code dir}; empty for {@code url}. */
  public List<String> accessModes() {
    return access.modes();
  }

  /** The encoding of data files, {@code parquet}. */
  public String provider() {
    return fileFormat.provider();
  }

  /** Of the same order as the given one, so that equal tables are equal on the wire. */
  private static Map<String, String> ordered(Map<String, String> texts) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  /**
   * The encoding of a table's data files.
   *
   * @param provider {@code parquet}
   * @param options of the encoding, none in any known table
   */
  public record FileFormat(String provider, Map<String, String> options) {
    public FileFormat {
      options = ordered(options);
    }
  }
}
