package io.github.deltasharing.client;

import io.github.deltasharing.error.SharingServerException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request with its optional parts, and once more without them where the server refuses it:
 * servers differ in what they know. What was refused is remembered for the endpoint and table, so
 * that later requests leave it out from the start. Immutable; thread-safe.
 */
final class OptionalExtras {
  private static final Logger LOG = LoggerFactory.getLogger(OptionalExtras.class);

  private final RefusedExtras refused;
  private final RefusedExtras.Key key;

  /**
   * @param endpoint of the server
   */
  OptionalExtras(RefusedExtras refused, String endpoint, TableName table) {
    this.refused = refused;
    this.key = new RefusedExtras.Key(endpoint, table);
  }

  /** For requests about a table. */
  static OptionalExtras of(String endpoint, TableName table) {
    return new OptionalExtras(RefusedExtras.shared(), endpoint, table);
  }

  /** What to send of the optional parts of a request. */
  Set<Extra> withoutRefused(Set<Extra> wanted) {
    Set<Extra> extras = EnumSet.noneOf(Extra.class);
    extras.addAll(wanted);
    extras.removeAll(refused.of(key));
    return extras;
  }

  /**
   * The response to a request.
   *
   * @param what it is for, for the log
   * @param wanted its optional parts
   * @param send sends it with some of them
   * @throws SharingServerException what the server says to the barest request, if to none else
   */
  <T> T call(String what, Set<Extra> wanted, Function<Set<Extra>, T> send) {
    Set<Extra> first = withoutRefused(wanted);
    Deque<Set<Extra>> tries = tries(wanted, first);
    SharingServerException refusal = null;
    for (Set<Extra> sent = tries.poll(); ; sent = tries.poll()) {
      try {
        T response = send.apply(sent);
        if (refusal != null) {
          learn(what, refusal, first, sent);
        }
        return response;
      } catch (SharingServerException e) {
        if (tries.isEmpty() || !mayBeFor(sent, e)) {
          throw e;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
  }

  /**
   * Whether a refusal may be one of optional parts. A failure is for the refresh token at most; it
   * is passed on to be tried again where that was not asked for.
   */
  private static boolean mayBeFor(Set<Extra> sent, SharingServerException refusal) {
    return refusal.status() == 400
        || refusal.status() == 422
        || (refusal.status() == 500 && sent.contains(Extra.REFRESH_TOKEN));
  }

  /** Most first. Memory counts for the first one only, in case the server has changed. */
  private static Deque<Set<Extra>> tries(Set<Extra> wanted, Set<Extra> first) {
    Set<Extra> features = EnumSet.noneOf(Extra.class);
    if (wanted.contains(Extra.READER_FEATURES)) {
      features.add(Extra.READER_FEATURES);
    }
    Set<Set<Extra>> tries = new LinkedHashSet<>();
    tries.add(first);
    tries.add(features);
    tries.add(EnumSet.noneOf(Extra.class));
    return new ArrayDeque<>(tries);
  }

  private void learn(
      String what, SharingServerException refusal, Set<Extra> sent, Set<Extra> answered) {
    Set<Extra> suspects = EnumSet.noneOf(Extra.class);
    if (!sent.containsAll(answered)) {
      // What memory had left out is what it wants: the server, or the table, is another one now.
      refused.forget(key);
      return;
    }
    if (refusal.status() == 500) {
      suspects.add(Extra.REFRESH_TOKEN);
    } else {
      suspects.addAll(sent);
      suspects.removeAll(answered);
      suspects = Extra.named(refusal.getMessage(), suspects);
    }
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
