/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.schema;

import io.github.deltasharing.compat.NewerTypes;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of Delta's table features this connector honours when it reads (Delta protocol, "Table
 * Features"). Requests name exactly these to the server; a table that needs another one is refused
 * by the feature's name, before anything is planned.
 */
public final class TableFeatures {
  private static final Set<String> OF_ALL_LINES =
      Set.of(
          "columnmapping",
          "deletionvectors",
          "timestampntz",
          "typewidening",
          "typewidening-preview",
          "v2checkpoint",
          "vacuumprotocolcheck");

  /** Those of a type that Spark has since 4.0. */
  private static final Set<String> OF_VARIANTS =
      Set.of("varianttype", "varianttype-preview", "variantshredding", "variantshredding-preview");

  /** Reader features honoured by this Spark, in lower case as the wire wants them. */
  public static final Set<String> SUPPORTED =
      NewerTypes.variant().isEmpty() ? OF_ALL_LINES : union(OF_ALL_LINES, OF_VARIANTS);

  private static final String MAPPING_MODE = "delta.columnMapping.mode";

  private TableFeatures() {}

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

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
    if (!metadata.access().offersUrls() && !metadata.access().offersDirectory()) {
      throw SharingErrors.noAccessMode(table, metadata.accessModes());
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
    if (missing.isEmpty() && hasShredding(protocol) && !NewerTypes.readsShredded()) {
      throw SharingErrors.shreddedVariants(table, NewerTypes.SHREDDED_CONF);
    }
    if (!missing.isEmpty()) {
      throw missing.stream().allMatch(name -> OF_VARIANTS.contains(name.toLowerCase(Locale.ROOT)))
          ? SharingErrors.featuresOfNewerSpark(table, missing, "4.0")
          : SharingErrors.unsupportedFeatures(table, missing);
    }
  }

  /** Whether files may have parts of variants in columns of their own. */
  private static boolean hasShredding(Protocol protocol) {
    return protocol.readerFeatures().stream()
        .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("variantshredding"));
  }

  /** Whether {@link #check} takes the table. */
  public static boolean isReadable(String table, Protocol protocol, Metadata metadata) {
    try {
      check(table, protocol, metadata);
      return true;
    } catch (SharingException e) {
      return false;
    }
  }

  /**
   * The table's column mapping mode: {@code none}, {@code name} or {@code id}.
   *
   * @throws io.github.deltasharing.error.SharingException if it is another one
   */
  public static String columnMappingMode(String table, Metadata metadata) {
    String mode =
        metadata.configuration().getOrDefault(MAPPING_MODE, "none").toLowerCase(Locale.ROOT);
    if (!mode.equals("none") && !mode.equals("name") && !mode.equals("id")) {
      throw SharingErrors.unsupportedTable(table, "its column mapping mode is '" + mode + "'");
    }
    return mode;
  }
}
