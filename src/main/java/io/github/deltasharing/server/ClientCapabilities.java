package io.github.deltasharing.server;

import io.github.deltasharing.server.error.ServerError;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the client said in its {@code delta-sharing-capabilities} header. Immutable.
 *
 * @param formats the dialects it reads, parquet if it named none
 * @param readerFeatures the table features it reads, lower-case
 * @param includeEndStreamAction whether it wants the answer's end marked
 * @param asyncQuery whether it can poll for the answer of a query
 */
public record ClientCapabilities(
    Set<AnswerFormat> formats,
    Set<String> readerFeatures,
    boolean includeEndStreamAction,
    boolean asyncQuery) {
  public static final String HEADER = "delta-sharing-capabilities";

  public ClientCapabilities {
    formats = Set.copyOf(formats);
    readerFeatures = Set.copyOf(readerFeatures);
  }

  boolean accepts(AnswerFormat format) {
    return formats.contains(format);
  }

  /** Reads the header, null when there is none; unknown capabilities and features are fine. */
  public static ClientCapabilities parse(String header) {
    Map<String, Set<String>> capabilities = new HashMap<>();
    for (String capability : header == null ? new String[0] : header.split(";", -1)) {
      int equals = capability.indexOf('=');
      if (equals > 0) {
        Set<String> values =
            capabilities.computeIfAbsent(
                capability.substring(0, equals).trim().toLowerCase(Locale.ROOT),
                key -> new HashSet<>());
        for (String value : capability.substring(equals + 1).split(",", -1)) {
          values.add(value.trim().toLowerCase(Locale.ROOT));
        }
      }
    }
    return new ClientCapabilities(
        formats(capabilities.getOrDefault("responseformat", Set.of())),
        capabilities.getOrDefault("readerfeatures", Set.of()),
        capabilities.getOrDefault("includeendstreamaction", Set.of()).contains("true"),
        capabilities.getOrDefault("asyncquery", Set.of()).contains("true"));
  }

  private static Set<AnswerFormat> formats(Set<String> names) {
    if (names.isEmpty()) {
      return Set.of(AnswerFormat.PARQUET);
    }
    Set<AnswerFormat> formats = EnumSet.noneOf(AnswerFormat.class);
    for (AnswerFormat format : AnswerFormat.values()) {
      if (names.contains(format.wireName())) {
        formats.add(format);
      }
    }
    if (formats.isEmpty()) {
      throw ServerError.invalid(
          "responseformat is "
              + List.copyOf(names)
              + " in the "
              + HEADER
              + " header: it must be parquet, delta or both");
    }
    return formats;
  }

  /** The header of the answer. */
  public String answerHeader(AnswerFormat format) {
    return "responseformat="
        + format.wireName()
        + (includeEndStreamAction ? ";includeendstreamaction=true" : "");
  }
}
