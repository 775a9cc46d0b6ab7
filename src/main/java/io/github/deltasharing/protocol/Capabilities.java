/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The {@code delta-sharing-capabilities} header, of a request and of a response (PROTOCOL.md,
 * "Delta Sharing Capabilities Header"). Unknown capabilities and table features are skipped.
 * Immutable.
 *
 * @param formats response formats offered, or the one of the response
 * @param readerFeatures table features that the reader honours, lower case
 * @param endStreamAction whether an EndStreamAction is requested, or promised
 * @param asyncQuery whether the client can poll for the response
 */
public record Capabilities(
    List<ResponseFormat> formats,
    Set<String> readerFeatures,
    boolean endStreamAction,
    boolean asyncQuery) {
  private static final String RESPONSE_FORMAT = "responseformat";
  private static final String READER_FEATURES = "readerfeatures";
  private static final String END_STREAM_ACTION = "includeendstreamaction";
  private static final String ASYNC_QUERY = "asyncquery";
  private static final String TRUE = "true";

  public Capabilities {
    formats = List.copyOf(formats);
    readerFeatures = Set.copyOf(readerFeatures);
  }

  /**
   * Reads the header of a request; null is a client that does not know the header and reads
   * parquet.
   *
   * @throws IllegalArgumentException if it names no format that there is
   */
  public static Capabilities ofRequest(String header) {
    Map<String, Set<String>> values = parse(header);
    return new Capabilities(
        offered(values.getOrDefault(RESPONSE_FORMAT, Set.of())),
        values.getOrDefault(READER_FEATURES, Set.of()),
        isTrue(values, END_STREAM_ACTION),
        isTrue(values, ASYNC_QUERY));
  }

  private static List<ResponseFormat> offered(Set<String> names) {
    if (names.isEmpty()) {
      return List.of(ResponseFormat.PARQUET);
    }
    List<ResponseFormat> formats = new ArrayList<>();
    for (ResponseFormat format : ResponseFormat.values()) {
      if (names.contains(format.wireName())) {
        formats.add(format);
      }
    }
    if (formats.isEmpty()) {
      throw new IllegalArgumentException(
          RESPONSE_FORMAT
              + " is "
              + List.copyOf(names)
              + " in the "
              + SharingHeaders.CAPABILITIES
              + " header: it must be parquet, delta or both");
    }
    return formats;
  }

  /**
   * Reads the header of a response; null or empty means a server that does not know the header:
   * parquet.
   */
  public static Capabilities ofResponse(String header) {
    Map<String, Set<String>> values = parse(header);
    // A response is of one format: whoever names two has only repeated what was offered.
    boolean delta = Set.of(ResponseFormat.DELTA.wireName()).equals(values.get(RESPONSE_FORMAT));
    boolean end = Set.of(TRUE).equals(values.get(END_STREAM_ACTION));
    return new Capabilities(
        List.of(delta ? ResponseFormat.DELTA : ResponseFormat.PARQUET), Set.of(), end, false);
  }

  /** The values of each capability, lower case. */
  private static Map<String, Set<String>> parse(String header) {
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
    return capabilities;
  }

  private static boolean isTrue(Map<String, Set<String>> values, String capability) {
    return values.getOrDefault(capability, Set.of()).contains(TRUE);
  }

  /** Whether the client reads the format. */
  public boolean accepts(ResponseFormat format) {
    return formats.contains(format);
  }

  /** The one format of a response. */
  public ResponseFormat format() {
    return formats.get(0);
  }

  /** The header of a request. Features are sorted, so that equal requests are equal on the wire. */
  public String toHeader() {
    StringBuilder header = new StringBuilder(RESPONSE_FORMAT + "=");
    header.append(formats.stream().map(ResponseFormat::wireName).collect(Collectors.joining(",")));
    if (offersFeatures(formats, readerFeatures)) {
      String features = readerFeatures.stream().sorted().collect(Collectors.joining(","));
      header.append(";" + READER_FEATURES + "=").append(features);
    }
    append(header, END_STREAM_ACTION, endStreamAction);
    append(header, ASYNC_QUERY, asyncQuery);
    return header.toString();
  }

  /** Whether a request names table features: the parquet format can carry none. */
  public static boolean offersFeatures(
      Collection<ResponseFormat> formats, Collection<String> readerFeatures) {
    return formats.contains(ResponseFormat.DELTA) && !readerFeatures.isEmpty();
  }

  /** The header of a response in some format to a request with these capabilities. */
  public String toResponseHeader(ResponseFormat format) {
    StringBuilder header = new StringBuilder(RESPONSE_FORMAT + "=" + format.wireName());
    append(header, END_STREAM_ACTION, endStreamAction);
    return header.toString();
  }

  /** The header of a response that says only that the query is not done. */
  public static String toPendingHeader() {
    return ASYNC_QUERY + "=" + TRUE;
  }

  private static void append(StringBuilder header, String capability, boolean value) {
    if (value) {
      header.append(";" + capability + "=" + TRUE);
    }
  }
}
