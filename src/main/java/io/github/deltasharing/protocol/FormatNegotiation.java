/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Chooses the response format for an offer (PROTOCOL.md, "Delta Sharing Capabilities Header"): the
 * server chooses by it, the client checks by it. Stateless.
 */
public final class FormatNegotiation {
  /** Features of the log alone: recipients never read it, so they need not know them. */
  private static final Set<String> LOG_FEATURES = Set.of("v2checkpoint", "vacuumprotocolcheck");

  private static final String MAPPING_MODE = "delta.columnMapping.mode";
  private static final int MAPPING_VERSION = 2;
  private static final int FEATURES_VERSION = 3;

  private FormatNegotiation() {}

  /** No format that the client offers can carry the table. The message is for the client's user. */
  public static final class NoCommonFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private NoCommonFormatException(String message) {
      super(message);
    }
  }

  /**
   * Chooses the format for a client and some versions of a table: the simple one where it says
   * everything.
   *
   * @param table its full name, for the message
   * @param features all that one of the versions uses, see {@link #readerFeatures}
   * @param offered what the client can read
   * @throws NoCommonFormatException if the client cannot read the table
   */
  public static ResponseFormat choose(
      String table, Collection<String> features, Capabilities offered)
      throws NoCommonFormatException {
    List<String> needed =
        features.stream().filter(feature -> !LOG_FEATURES.contains(lowerCase(feature))).toList();
    if (!offered.accepts(ResponseFormat.DELTA)) {
      if (!needed.isEmpty()) {
        throw new NoCommonFormatException(
            "Cannot read "
                + table
                + " in parquet format: the table uses "
                + String.join(", ", needed)
                + ". Ask with responseformat=delta and these readerfeatures, or with a connector"
                + " that does");
      }
      return ResponseFormat.PARQUET;
    }
    List<String> missing =
        needed.stream().filter(f -> !offered.readerFeatures().contains(lowerCase(f))).toList();
    if (!missing.isEmpty()) {
      throw new NoCommonFormatException(
          "Cannot read "
              + table
              + ": the table uses "
              + String.join(", ", missing)
              + ", which the client did not name in readerfeatures. Use a connector that supports"
              + " it");
    }
    return features.isEmpty() && offered.accepts(ResponseFormat.PARQUET)
        ? ResponseFormat.PARQUET
        : ResponseFormat.DELTA;
  }

  /**
   * What a reader of a version must honour. Column mapping is named too where the table has it by
   * its protocol version, without a feature of that name.
   */
  public static List<String> readerFeatures(Protocol protocol, Metadata metadata) {
    List<String> features = new ArrayList<>();
    if (protocol.minReaderVersion() >= FEATURES_VERSION) {
      features.addAll(protocol.readerFeatures());
    }
    boolean mapped =
        !metadata.configuration().getOrDefault(MAPPING_MODE, "none").equalsIgnoreCase("none");
    if (protocol.minReaderVersion() == MAPPING_VERSION && mapped) {
      features.add("columnMapping");
    }
    return features;
  }

  /**
   * Whether a response may come in a format: an old server sends parquet to whoever offers delta,
   * never the other way round.
   */
  public static boolean isAllowed(ResponseFormat format, Collection<ResponseFormat> offered) {
    return format == ResponseFormat.PARQUET || offered.contains(format);
  }

  private static String lowerCase(String feature) {
    return feature.toLowerCase(Locale.ROOT);
  }
}
