/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ratelimit;

import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.auth.SecretToken;
import io.github.deltasharing.server.config.RateLimitSettings;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.recipient.ClientAddress;
import io.github.deltasharing.server.recipient.RecipientKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;

/**
 * How many requests are taken of each recipient, and how many of each address that fail to sign in.
 * Beyond that they are refused with 429, and told when to come again. While an address fails too
 * often no token of it is looked at, but those that were valid before: who shares the address with
 * somebody who tries tokens goes on. Safe for use by several threads.
 */
public final class RateLimits {
  /** Of each kind. */
  static final int MOST_KEYS = 10_000;

  private static final double MINUTE = 60;
  private static final int UNAUTHENTICATED = 401;
  private static final int NOT_FOUND = 404;

  private final ClientAddress addresses;
  private final TokenBuckets requests;
  private final TokenBuckets failures;
  private final LongAdder refusedRequests = new LongAdder();
  private final LongAdder refusedSignIns = new LongAdder();

  /** Hashes of tokens that were valid. */
  private final Set<String> known =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > MOST_KEYS;
                }
              }));

  public RateLimits(RateLimitSettings settings, ClientAddress addresses, Clock clock) {
    this.addresses = addresses;
    this.requests = new TokenBuckets(MOST_KEYS, clock);
    this.failures = new TokenBuckets(MOST_KEYS, clock);
    replace(settings);
  }

  /** Limits by these settings from now on; who is behind stays behind. */
  public void replace(RateLimitSettings settings) {
    requests.limit(settings.requestsPerSecond(), settings.effectiveBurst());
    failures.limit(settings.failedSignInsPerMinute() / MINUTE, settings.failedSignInsPerMinute());
  }

  /**
   * Finds out who sends a request with a token; one without is no attempt.
   *
   * @param attempt fails with a {@link ServerError} 401 for a token that is nobody's
   * @throws ServerError that of the attempt, or 429 if the address failed too often
   */
  public <T> T signIn(Request request, Supplier<T> attempt) {
    Optional<String> token = BearerHeader.find(request).map(SecretToken::hash);
    if (token.isEmpty()) {
      return attempt.get();
    }
    String address = addresses.network(request);
    if (!known.contains(token.get())) {
      refuseIfBlocked(address);
    }
    try {
      T sender = attempt.get();
      known.add(token.get());
      return sender;
    } catch (ServerError e) {
      if (e.status() == UNAUTHENTICATED) {
        known.remove(token.get());
        failures.take(address);
      }
      throw e;
    }
  }

  /**
   * Finds out what a link leads to that is a secret itself.
   *
   * @param attempt fails with a {@link ServerError} 404 for one that leads nowhere
   * @throws ServerError that of the attempt, or 429 if the address failed too often
   */
  public <T> T openLink(Request request, Supplier<T> attempt) {
    String address = addresses.network(request);
    refuseIfBlocked(address);
    try {
      return attempt.get();
    } catch (ServerError e) {
      if (e.status() == NOT_FOUND) {
        failures.take(address);
      }
      throw e;
    }
  }

  private void refuseIfBlocked(String address) {
    Duration wait = failures.await(address);
    if (!wait.isZero()) {
      refusedSignIns.increment();
      throw refusal("Too many requests of your address failed to sign in", wait);
    }
  }

  /**
   * Counts a request of a recipient.
   *
   * @throws ServerError 429 if it has sent too many
   */
  public void count(Principal principal, Request request) {
    // A token that many have is many clients.
    String key =
        RecipientKey.of(principal)
            .map(RecipientKey::id)
            .orElseGet(() -> principal.id() + '@' + addresses.network(request));
    Duration wait = requests.take(key);
    if (!wait.isZero()) {
      refusedRequests.increment();
      throw refusal("This recipient sends too many requests", wait);
    }
  }

  /** Requests that were refused because there were too many of a recipient. */
  public long refusedRequests() {
    return refusedRequests.sum();
  }

  /** Requests that were refused because too many of their address failed to sign in. */
  public long refusedSignIns() {
    return refusedSignIns.sum();
  }

  private static ServerError refusal(String what, Duration wait) {
    long seconds = Math.max(1, wait.plusNanos(999_999_999).getSeconds());
    return ServerError.tooMany(
        what + ". Try again in " + seconds + (seconds == 1 ? " second" : " seconds"), seconds);
  }
}
