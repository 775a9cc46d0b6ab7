/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An optional part of a request: a server may refuse it, and the response means the same without
 * it. {@link PartNegotiation} leaves out what a server refuses.
 */
enum OptionalPart {
  /**
   * {@code predicateHints}. The reference server reads tables with reader features only without.
   */
  SQL_HINTS("predicatehints", "protocol version"),
  /** {@code jsonPredicateHints}. */
  JSON_HINTS("jsonpredicate"),
  /** {@code limitHint}. */
  LIMIT_HINT("limithint"),
  /** {@code maxFiles}; the reference server refuses it where it refuses SQL hints. */
  PAGES("maxfiles", "protocol version"),
  /** {@code includeRefreshToken}. A table without an id makes the reference server fail at it. */
  REFRESH_TOKEN("refreshtoken"),
  /** The capability of polling for the response, and the idempotency key of the query. */
  ASYNC("async", "idempotency"),
  /** The capability of reading an EndStreamAction. */
  END_STREAM("endstream"),
  /** The header {@code fileidhash}. */
  FILE_IDS("fileidhash"),
  /** What earlier versions of the range had for metadata and protocol. */
  HISTORY("includehistorical"),
  /**
   * The capability of honouring table features. Left out last: servers refuse tables with such
   * features without it.
   */
  READER_FEATURES("readerfeatures", "capabilit");

  private final List<String> words;

  /**
   * @param words names of it in servers' error messages, lower case
   */
  OptionalPart(String... words) {
    this.words = List.of(words);
  }

  /** Those of {@code sent} that a refusal names. */
  static Set<OptionalPart> named(String refusal, Set<OptionalPart> sent) {
    // "jsonPredicateHints" contains "predicateHints".
    String text = refusal.toLowerCase(Locale.ROOT).replace("jsonpredicatehints", "jsonpredicate");
    Set<OptionalPart> named = EnumSet.noneOf(OptionalPart.class);
    for (OptionalPart part : sent) {
      if (part.words.stream().anyMatch(text::contains)) {
        named.add(part);
      }
    }
    return named;
  }
}
