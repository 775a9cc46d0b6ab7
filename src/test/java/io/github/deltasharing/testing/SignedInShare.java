/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A sharing server that takes tokens of others: it stands in front of a {@link TestShare}'s, lets
 * requests pass whose bearer token is good, and answers 401 to all others. Thread-safe.
 */
public final class SignedInShare implements AutoCloseable {
  private final StubServer front = new StubServer().onAnything(this::answer);
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private final URI behind;
  private final Predicate<String> good;

  /**
   * @param good whether a bearer token is
   */
  public SignedInShare(TestShare share, Predicate<String> good) {
    this.behind = share.server().uri();
    this.good = good;
  }

  public String endpoint() {
    return front.url(behind.getPath());
  }

  /** The good tokens that came. */
  public List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** How many requests were refused. */
  public int refused() {
    return refused.get();
  }

  private StubAnswer answer(StubRequest request) {
    String header = request.header("Authorization");
    String token = header != null && header.startsWith("Bearer ") ? header.substring(7) : "";
    if (!good.test(token)) {
      refused.incrementAndGet();
      return StubAnswer.error(401, "UNAUTHENTICATED", "not with " + token);
    }
    tokens.add(token);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(request.headers());
    headers.put("Authorization", "Bearer " + TestShare.CANARY);
    StubRequest passed =
        new StubRequest(
            request.method(), request.target(), headers, request.body(), request.remotePort());
    return PassOn.to(behind, passed, request.body());
  }

  @Override
  public void close() {
    front.close();
  }
}
