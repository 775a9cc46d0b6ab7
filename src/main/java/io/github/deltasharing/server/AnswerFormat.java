package io.github.deltasharing.server;

import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.SharedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The two dialects of an answer, and which of them a client gets for a table. */
public enum AnswerFormat {
  PARQUET,
  DELTA;

  /** Features of the log alone: recipients never read it, so they need not know them. */
  private static final Set<String> LOG_FEATURES = Set.of("v2checkpoint", "vacuumprotocolcheck");

  /** The name on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The dialect for a client and a version of a table: the simple one where it says everything.
   *
   * @throws ServerError 400 when the client cannot read the table
   */
  public static AnswerFormat negotiate(TableSnapshot snapshot, ClientCapabilities client) {
    return negotiate(
        snapshot.table(), readerFeatures(snapshot.protocol(), snapshot.metadata()), client);
  }

  /**
   * The dialect for a client and some versions of a table.
   *
   * @param features all that one of the versions uses
   * @throws ServerError 400 when the client cannot read the table
   */
  public static AnswerFormat negotiate(
      SharedTable table, Collection<String> features, ClientCapabilities client) {
    List<String> needed =
        features.stream()
            .filter(feature -> !LOG_FEATURES.contains(feature.toLowerCase(Locale.ROOT)))
            .toList();
    if (!client.accepts(DELTA)) {
      if (!needed.isEmpty()) {
        throw ServerError.unsupported(
            "Cannot read "
                + table.fullName()
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
              + table.fullName()
              + ": the table uses "
              + String.join(", ", missing)
              + ", which the client did not name in readerfeatures. Use a connector that supports"
              + " it");
    }
    return features.isEmpty() && client.accepts(PARQUET) ? PARQUET : DELTA;
  }

  /** What a reader of a version must know; the mapping that needs no feature by its own name. */
  public static List<String> readerFeatures(Protocol protocol, Metadata metadata) {
    List<String> features = new ArrayList<>();
    if (protocol.getMinReaderVersion() >= 3 && protocol.getReaderFeatures() != null) {
      features.addAll(protocol.getReaderFeatures());
    }
    if (protocol.getMinReaderVersion() == 2 && TableSnapshot.isMapped(metadata)) {
      features.add("columnMapping");
    }
    return features;
  }
}
