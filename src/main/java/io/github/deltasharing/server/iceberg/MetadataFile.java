/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.share.SharedTable;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * A file with the metadata of an Iceberg table, and what recipients see of it: the snapshots that
 * are shared. Immutable, safe for use by several threads.
 */
public final class MetadataFile {
  private final IcebergTable table;
  private final String path;
  private final MetadataJson.Text text;
  private final TableMetadata metadata;
  private final SharedSnapshots shared;
  private final long version;

  private MetadataFile(
      IcebergTable table,
      String path,
      MetadataJson.Text text,
      TableMetadata metadata,
      SharedSnapshots shared,
      long version) {
    this.table = table;
    this.path = path;
    this.text = text;
    this.metadata = metadata;
    this.shared = shared;
    this.version = version;
  }

  /**
   * Reads a file of an Iceberg table.
   *
   * @param path below the table's directory
   * @param ref the branch or tag that is shared; empty for the main branch
   */
  static MetadataFile read(IcebergTable table, String path, Optional<String> ref) {
    return IcebergFailures.reading(
        table,
        () -> {
          MetadataJson.Text text = MetadataJson.text(table, path);
          TableMetadata metadata = parsed(table, path, text.json());
          Lineage lineage = Lineage.of(table, metadata, ref);
          return new MetadataFile(
              table,
              path,
              text,
              metadata,
              SharedSnapshots.of(table.shared(), metadata, lineage, ref),
              lineage.head().version());
        });
  }

  /**
   * Reads a file of a Delta table.
   *
   * @param path below the table's directory
   * @param version finds out which of the table's versions it is of
   */
  static MetadataFile readDelta(
      IcebergTable table, String path, ToLongFunction<TableMetadata> version) {
    return IcebergFailures.reading(
        table,
        () -> {
          MetadataJson.Text text = MetadataJson.text(table, path);
          TableMetadata metadata = parsed(table, path, text.json());
          Lineage lineage = Lineage.of(table, metadata, Optional.empty());
          return new MetadataFile(
              table,
              path,
              text,
              metadata,
              SharedSnapshots.ofDelta(table.shared(), metadata, lineage),
              version.applyAsLong(metadata));
        });
  }

  private static TableMetadata parsed(IcebergTable table, String path, JsonNode json) {
    TableMetadata metadata = TableMetadataParser.fromJson(path, json);
    // Of a table that was copied from elsewhere, all paths lead there.
    table.relative(directory(metadata) + "/" + path);
    if (!metadata.encryptionKeys().isEmpty()) {
      throw table.unsupported("it is encrypted");
    }
    return metadata;
  }

  private static String directory(TableMetadata metadata) {
    return metadata.location().replaceAll("/+$", "");
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
    return directory(metadata);
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
    return new ServedMetadata((ObjectNode) text.json(), shared).json(refsOnly);
  }

  /** The bytes of its text. */
  int bytes() {
    return text.bytes();
  }

  ReferencedFiles references() {
    return new ReferencedFiles(table, path, metadata, text.bytes(), shared);
  }
}
