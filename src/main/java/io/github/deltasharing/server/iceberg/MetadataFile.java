/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.share.SharedTable;
import java.util.function.ToLongFunction;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * A file with the metadata of an Iceberg table, and what recipients see of it: of a table whose
 * history is not shared, the current snapshot alone. Immutable, safe for use by several threads.
 */
public final class MetadataFile {
  private final IcebergTable table;
  private final String path;
  private final ObjectNode json;
  private final TableMetadata metadata;
  private final long version;

  /**
   * @param path below the table's directory
   * @param json what is in the file
   * @param metadata the same, read by Iceberg's library
   * @param version the table's version to recipients
   */
  private MetadataFile(
      IcebergTable table, String path, ObjectNode json, TableMetadata metadata, long version) {
    this.table = table;
    this.path = path;
    this.json = json;
    this.metadata = metadata;
    this.version = version;
  }

  /**
   * Reads a file.
   *
   * @param path below the table's directory
   * @param version finds out which of the table's versions it is to recipients
   */
  static MetadataFile read(IcebergTable table, String path, ToLongFunction<TableMetadata> version) {
    return IcebergFailures.reading(
        table,
        () -> {
          JsonNode json = MetadataJson.json(table, path);
          TableMetadata metadata = TableMetadataParser.fromJson(path, json);
          // Of a table that was copied from elsewhere, all paths lead there.
          table.relative(metadata.location().replaceAll("/+$", "") + "/" + path);
          if (!metadata.encryptionKeys().isEmpty()) {
            throw table.unsupported("it is encrypted");
          }
          return new MetadataFile(
              table, path, (ObjectNode) json, metadata, version.applyAsLong(metadata));
        });
  }

  /** The table, with its directory as its location. */
  public SharedTable table() {
    return table.shared();
  }

  /** The file's path below the table's directory. */
  public String path() {
    return path;
  }

  /** The file as the table's metadata spells locations. */
  public String location() {
    return directory() + "/" + path;
  }

  /** The table's directory as its metadata spells it. */
  public String directory() {
    return metadata.location().replaceAll("/+$", "");
  }

  public long version() {
    return version;
  }

  /**
   * The metadata as recipients get it.
   *
   * @param refsOnly without snapshots that are neither a branch's nor a tag's
   */
  public ObjectNode served(boolean refsOnly) {
    return new ServedMetadata(json, isHistoryShared(table.shared())).json(refsOnly);
  }

  ReferencedFiles references() {
    return new ReferencedFiles(table, path, metadata, isHistoryShared(table.shared()));
  }

  /** Whether recipients may read every snapshot that the metadata has. */
  private static boolean isHistoryShared(SharedTable table) {
    return table.historyShared() && table.startVersion() == 0;
  }
}
