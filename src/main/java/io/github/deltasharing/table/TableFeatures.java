package io.github.deltasharing.table;

import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of Delta's table features this connector honours when it reads (Delta protocol, "Table
 * Features"). The server is told exactly these; a table that needs another one is refused by the
 * feature's name, before anything is planned.
 */
public final class TableFeatures {
  /** Reader features honoured, in lower case as the wire wants them. */
  public static final Set<String> SUPPORTED =
      Set.of("timestampntz", "v2checkpoint", "vacuumprotocolcheck");

  private static final String MAPPING_MODE = "delta.columnMapping.mode";

  private TableFeatures() {}

  /**
   * Refuses a table that cannot be read right.
   *
   * @param table its full name, for the message
   */
  public static void check(String table, Protocol protocol, Metadata metadata) {
    if (!metadata.provider().equalsIgnoreCase("parquet")) {
      throw SharingErrors.unsupportedTable(
          table, "its files are in the format '" + metadata.provider() + "'");
    }
    if (protocol.minReaderVersion() > 3) {
      throw SharingErrors.unsupportedTable(
          table, "it needs Delta reader version " + protocol.minReaderVersion());
    }
    Set<String> missing = new TreeSet<>();
    for (String feature : protocol.readerFeatures()) {
      if (!SUPPORTED.contains(feature.toLowerCase(Locale.ROOT))) {
        missing.add(feature);
      }
    }
    if (!metadata.configuration().getOrDefault(MAPPING_MODE, "none").equalsIgnoreCase("none")) {
      missing.add("columnMapping");
    }
    if (!missing.isEmpty()) {
      throw SharingErrors.unsupportedFeatures(table, missing);
    }
  }

  /**
   * Refuses a file with deleted rows, whatever the table's protocol says: reading it would bring
   * them back.
   */
  public static void check(String table, AddFile file) {
    if (file.deletionVector() != null) {
      throw SharingErrors.unsupportedFeatures(table, Set.of("deletionVectors"));
    }
  }
}
