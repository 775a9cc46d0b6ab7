/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A proxy in front of an embedded server, for its answers and for its files, that spoils some of
 * them. Close it after use.
 */
public final class FaultyServer implements Recipient, AutoCloseable {
  /** Which requests are spoiled. */
  @FunctionalInterface
  public interface Aim {
    /**
     * @param file how many requests for a file came before this one; -1 for one that is for none
     */
    boolean hits(StubRequest request, int file);
  }

  private final StubServer proxy = new StubServer().onAnything(this::answer);
  private final URI behind;
  private final Path profile;
  private final AtomicInteger fileRequests = new AtomicInteger();
  private final AtomicInteger hits = new AtomicInteger();
  private volatile Aim aim = (request, file) -> false;
  private volatile UnaryOperator<StubAnswer> fault = UnaryOperator.identity();
  private volatile int times;

  public FaultyServer(TestShare share) {
    this.behind = share.server().uri();
    this.profile = share.profile().resolveSibling("faulty-" + proxy.port() + ".share");
    TestShare.writeProfile(profile, proxy.url(behind.getPath()), TestShare.CANARY);
  }

  /** From now on spoils the first {@code count} answers that are aimed at. */
  public void spoil(Aim aimed, UnaryOperator<StubAnswer> how, int count) {
    aim = aimed;
    fault = how;
    times = count;
    fileRequests.set(0);
    hits.set(0);
    proxy.forget();
  }

  public int port() {
    return proxy.port();
  }

  /** How many answers were spoiled. */
  public int hits() {
    return Math.min(hits.get(), times);
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  private StubAnswer answer(StubRequest request) {
    boolean forFile = request.method().equals("GET") && request.header("Range") != null;
    int file = forFile ? fileRequests.getAndIncrement() : -1;
    boolean hit = aim.hits(request, file) && hits.getAndIncrement() < times;
    StubAnswer right = PassOn.to(behind, request, request.body());
    if (request.target().endsWith("/query")) {
      // Files are fetched through the proxy too.
      right =
          right.withBody(
              new String(right.body(), StandardCharsets.UTF_8)
                  .replace(behind.getAuthority(), proxy.authority()));
    }
    return hit ? fault.apply(right) : right;
  }

  @Override
  public void close() {
    proxy.close();
  }
}
