/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A scripted HTTP server on a free loopback port that remembers what it was asked. Answers are
 * given per path, as a sequence of which the last one stays: {@code server.on("/shares",
 * status(503), status(503), json("{}"))}. What has no script is answered 404. Thread-safe.
 */
public final class StubServer implements AutoCloseable {
  static {
    // Otherwise an answer on a kept connection waits 40 ms for the acknowledgement of its headers.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** Answers one request. */
  @FunctionalInterface
  public interface Handler {
    StubAnswer answer(StubRequest request);
  }

  /**
   * The JDK's server keeps twice the longest write of each connection for as long as that lasts.
   */
  private static final int PIECE_BYTES = 32 << 10;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Handler> routes = new ConcurrentHashMap<>();
  private final List<StubRequest> requests = new ArrayList<>();
  private volatile Handler otherwise =
      request -> StubAnswer.error(404, "NO_SCRIPT", "nothing scripted for this path");

  public StubServer() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::exchange);
    http.start();
  }

  /** Answers to requests for {@code path} (undecoded, without query), one after another. */
  public StubServer on(String path, StubAnswer... answers) {
    AtomicInteger next = new AtomicInteger();
    return on(path, request -> answers[Math.min(next.getAndIncrement(), answers.length - 1)]);
  }

  public StubServer on(String path, Handler handler) {
    routes.put(path, handler);
    return this;
  }

  /** Answers to whatever no path is scripted for. */
  public StubServer onAnything(Handler handler) {
    otherwise = handler;
    return this;
  }

  public int port() {
    return http.getAddress().getPort();
  }

  /** {@code 127.0.0.1:<port>}. */
  public String authority() {
    return "127.0.0.1:" + port();
  }

  public String url(String path) {
    return "http://" + authority() + path;
  }

  /** All requests so far, in their order. */
  public List<StubRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /** Forgets the requests so far. */
  public void forget() {
    synchronized (requests) {
      requests.clear();
    }
  }

  /** Waits until {@code count} requests have come. */
  public void awaitRequests(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    synchronized (requests) {
      while (requests.size() < count) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("only these requests came: " + requests);
        }
        requests.wait(left);
      }
    }
  }

  private void exchange(HttpExchange exchange) throws IOException {
    try (exchange) {
      StubRequest request = StubRequest.of(exchange);
      synchronized (requests) {
        requests.add(request);
        requests.notifyAll();
      }
      send(
          exchange,
          routes.getOrDefault(exchange.getRequestURI().getRawPath(), otherwise).answer(request));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(HttpExchange exchange, StubAnswer answer)
      throws IOException, InterruptedException {
    switch (answer.kind()) {
      case HANG -> closed.await();
      case HANG_UP -> throw new IOException("hung up, as scripted");
      case ANSWER, STALL, SLOW -> {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body();
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        int part = answer.sent() < 0 ? body.length : answer.sent();
        write(exchange, body, 0, part);
        if (answer.kind() == StubAnswer.Kind.SLOW) {
          for (int from = part; from < body.length; from += part) {
            Thread.sleep(answer.pause().toMillis());
            write(exchange, body, from, part);
          }
        }
        if (answer.kind() == StubAnswer.Kind.STALL) {
          closed.await();
        } else if (part < body.length && answer.kind() == StubAnswer.Kind.ANSWER) {
          // The JDK's server forgets a connection that breaks, not one that an exchange closes.
          throw new IOException("cut, as scripted");
        }
      }
    }
  }

  private static void write(HttpExchange exchange, byte[] body, int from, int length)
      throws IOException {
    int end = from + Math.min(length, body.length - from);
    for (int at = from; at < end; at += PIECE_BYTES) {
      exchange.getResponseBody().write(body, at, Math.min(PIECE_BYTES, end - at));
    }
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }
}
