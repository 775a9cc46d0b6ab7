/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.error.TransientSharingException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request with its optional parts, and once more without them where the server refuses it:
 * servers differ in what they know. What was refused is remembered for the endpoint and table, so
 * that later requests leave it out from the start. Immutable; thread-safe.
 */
final class PartNegotiation {
  private static final Logger LOG = LoggerFactory.getLogger(PartNegotiation.class);

  /** What it does not understand, or finds too long: the body, the target, a header. */
  private static final Set<Integer> REFUSALS = Set.of(400, 413, 414, 422, 431);

  private final UnsupportedParts refused;
  private final UnsupportedParts.Key key;

  /**
   * @param endpoint of the server
   */
  PartNegotiation(UnsupportedParts refused, String endpoint, TableName table) {
    this.refused = refused;
    this.key = new UnsupportedParts.Key(endpoint, table);
  }

  /** For requests about a table. */
  static PartNegotiation of(String endpoint, TableName table) {
    return new PartNegotiation(UnsupportedParts.shared(), endpoint, table);
  }

  /** What to send of the optional parts of a request. */
  Set<OptionalPart> withoutRefused(Set<OptionalPart> wanted) {
    return without(wanted, refused.of(key));
  }

  /**
   * The response to a request.
   *
   * @param what it is for, for the log
   * @param wanted its optional parts
   * @param send sends it with some of them
   * @throws SharingServerException what the server says to the barest request that was tried with
   *     all that the read depends on: without reader features it says that they are missing,
   *     whatever else is wrong
   */
  <T> T call(String what, Set<OptionalPart> wanted, Function<Set<OptionalPart>, T> send) {
    Set<OptionalPart> first = withoutRefused(wanted);
    Set<Set<OptionalPart>> tried = new HashSet<>();
    Set<OptionalPart> sent = first;
    Set<OptionalPart> needed = needed(wanted);
    SharingServerException refusal = null;
    SharingServerException telling = null;
    while (true) {
      tried.add(sent);
      try {
        T response = send.apply(sent);
        if (refusal != null) {
          learn(what, refusal, first, sent);
        }
        return response;
      } catch (SharingServerException e) {
        refusal = refusal == null ? e : refusal;
        telling = telling == null || sent.containsAll(needed) ? e : telling;
        SharingServerException last = telling;
        sent =
            fewer(wanted, sent, e).stream()
                .filter(parts -> !tried.contains(parts))
                .findFirst()
                .orElseThrow(() -> last);
      }
    }
  }

  /**
   * What to send after a refusal, best first; nothing where it is for no optional part. First come
   * the others than it names, then those that what is read depends on. These are tried even if they
   * were remembered as refused: the server, or the table, may have changed.
   */
  private static List<Set<OptionalPart>> fewer(
      Set<OptionalPart> wanted, Set<OptionalPart> sent, SharingServerException refusal) {
    if (isOfRefreshToken(refusal)) {
      return List.of(without(sent, EnumSet.of(OptionalPart.REFRESH_TOKEN)));
    }
    if (!REFUSALS.contains(refusal.status())) {
      return List.of();
    }
    List<Set<OptionalPart>> fewer = new ArrayList<>();
    Set<OptionalPart> named = OptionalPart.named(refusal.getMessage(), sent);
    if (!named.isEmpty()) {
      fewer.add(without(sent, named));
    }
    Set<OptionalPart> needed = needed(wanted);
    fewer.add(needed);
    fewer.add(without(needed, EnumSet.of(OptionalPart.HISTORY)));
    fewer.add(EnumSet.noneOf(OptionalPart.class));
    return fewer;
  }

  /** What is read depends on these. */
  private static Set<OptionalPart> needed(Set<OptionalPart> wanted) {
    Set<OptionalPart> needed = EnumSet.of(OptionalPart.READER_FEATURES, OptionalPart.HISTORY);
    needed.retainAll(wanted);
    return needed;
  }

  private static Set<OptionalPart> without(Set<OptionalPart> parts, Set<OptionalPart> left) {
    Set<OptionalPart> fewer = EnumSet.noneOf(OptionalPart.class);
    fewer.addAll(parts);
    fewer.removeAll(left);
    return fewer;
  }

  /**
   * A failure is for the refresh token at most: only where that was sent it is no transient one.
   */
  private static boolean isOfRefreshToken(SharingServerException refusal) {
    return refusal.status() == 500 && !(refusal instanceof TransientSharingException);
  }

  private void learn(
      String what,
      SharingServerException refusal,
      Set<OptionalPart> sent,
      Set<OptionalPart> accepted) {
    if (!sent.containsAll(accepted)) {
      // What memory had left out is what it wants: the server, or the table, is another one now.
      refused.forget(key);
      return;
    }
    if (isOfRefreshToken(refusal) && refusal.errorCode().isEmpty()) {
      // Not the server's own words: it may have been anybody between, for once.
      return;
    }
    Set<OptionalPart> suspects = without(sent, accepted);
    if (!refused.of(key).containsAll(suspects)) {
      LOG.info(
          "{}: the server refused some of {} (HTTP {}) and answers without; they are left out from now on",
          what,
          suspects,
          refusal.status());
    }
    refused.add(key, suspects);
  }
}
