package io.github.deltasharing.protocol;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The {@code delta-sharing-capabilities} header, both ways (PROTOCOL.md, "Delta Sharing
 * Capabilities Header").
 *
 * @param formats response formats offered, or the one answered
 * @param readerFeatures table features that the reader honours, lower case
 * @param endStreamAction whether an EndStreamAction is asked for, or promised
 * @param asyncQuery whether the client can poll for the answer
 */
public record Capabilities(
    List<ResponseFormat> formats,
    Set<String> readerFeatures,
    boolean endStreamAction,
    boolean asyncQuery) {
  public static final String HEADER = "delta-sharing-capabilities";

  /**
   * A header of its own that asks for files' ids in the scheme of a dialect, and says that they are
   * (PROTOCOL.md, "File ID Hash Header").
   */
  public static final String FILE_IDS_HEADER = "fileidhash";

  public Capabilities {
    formats = List.copyOf(formats);
    readerFeatures = Set.copyOf(readerFeatures);
  }

  /**
   * Reads the header of an answer; null or empty means a server that does not know the header:
   * parquet.
   */
  public static Capabilities ofAnswer(String header) {
    ResponseFormat format = ResponseFormat.PARQUET;
    boolean end = false;
    for (String capability :
        header == null ? new String[0] : header.toLowerCase(Locale.ROOT).split(";")) {
      String[] keyAndValue = capability.split("=", 2);
      String value = keyAndValue.length == 2 ? keyAndValue[1].trim() : "";
      switch (keyAndValue[0].trim()) {
        case "responseformat" ->
            format = value.equals("delta") ? ResponseFormat.DELTA : ResponseFormat.PARQUET;
        case "includeendstreamaction" -> end = value.equals("true");
        default -> {
          // A capability of a newer server.
        }
      }
    }
    return new Capabilities(List.of(format), Set.of(), end, false);
  }

  /** The one format of an answer. */
  public ResponseFormat format() {
    return formats.get(0);
  }

  /** The header's value. Features are sorted, so that equal requests are equal on the wire. */
  public String toHeader() {
    String header =
        "responseformat="
            + formats.stream().map(ResponseFormat::wireName).collect(Collectors.joining(","));
    if (formats.contains(ResponseFormat.DELTA) && !readerFeatures.isEmpty()) {
      header +=
          ";readerfeatures=" + readerFeatures.stream().sorted().collect(Collectors.joining(","));
    }
    return header
        + (endStreamAction ? ";includeendstreamaction=true" : "")
        + (asyncQuery ? ";asyncquery=true" : "");
  }
}
