package io.github.deltasharing.server;

import io.delta.kernel.internal.actions.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The two dialects of an answer, and which of them a client gets for a table. */
enum AnswerFormat {
  PARQUET,
  DELTA;

  /** Features of the log alone: recipients never read it, so they need not know them. */
  private static final Set<String> LOG_FEATURES = Set.of("v2checkpoint", "vacuumprotocolcheck");

  /** The name on the wire. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The dialect for a client and a version of a table: the simple one where it says everything.
   *
   * @throws ServerError 400 when the client cannot read the table
   */
  static AnswerFormat negotiate(TableSnapshot snapshot, ClientCapabilities client) {
    List<String> features = readerFeatures(snapshot);
    List<String> needed =
        features.stream()
            .filter(feature -> !LOG_FEATURES.contains(feature.toLowerCase(Locale.ROOT)))
            .toList();
    if (!client.accepts(DELTA)) {
      if (!needed.isEmpty()) {
        throw ServerError.unsupported(
            "Cannot read "
                + snapshot.table().fullName()
                + " in parquet format: the table uses "
                + String.join(", ", needed)
                + ". Ask with responseformat=delta and these readerfeatures, or with a connector"
                + " that does");
      }
      return PARQUET;
    }
    List<String> missing =
        needed.stream()
            .filter(f -> !client.readerFeatures().contains(f.toLowerCase(Locale.ROOT)))
            .toList();
    if (!missing.isEmpty()) {
      throw ServerError.unsupported(
          "Cannot read "
              + snapshot.table().fullName()
              + ": the table uses "
              + String.join(", ", missing)
              + ", which the client did not name in readerfeatures. Use a connector that supports"
              + " it");
    }
    return features.isEmpty() && client.accepts(PARQUET) ? PARQUET : DELTA;
  }

  private static List<String> readerFeatures(TableSnapshot snapshot) {
    Protocol protocol = snapshot.protocol();
    List<String> features = new ArrayList<>();
    if (protocol.getMinReaderVersion() >= 3 && protocol.getReaderFeatures() != null) {
      features.addAll(protocol.getReaderFeatures());
    }
    if (protocol.getMinReaderVersion() == 2 && snapshot.isMapped()) {
      features.add("columnMapping");
    }
    return features;
  }
}
