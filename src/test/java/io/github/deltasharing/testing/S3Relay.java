/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Stands before an S3 store: it remembers requests, makes them late, or answers in the store's
 * place. All else is passed on byte for byte, the Host header too, so clients sign for the relay's
 * address. A recipient's connection has one of its own to the store. Thread-safe.
 */
public final class S3Relay implements AutoCloseable {
  private static final int PIECE_BYTES = 64 << 10;

  private final URI store;
  private final SocketServer server;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final List<S3Request> requests = new CopyOnWriteArrayList<>();
  private final List<Function<S3Request, Optional<StubAnswer>>> rules =
      new CopyOnWriteArrayList<>();
  private final List<Function<S3Request, Optional<StubAnswer>>> afterwards =
      new CopyOnWriteArrayList<>();
  private volatile Duration delay = Duration.ZERO;

  /** A request's or response's head. */
  private record Head(List<String> lines) {
    static Head read(InputStream in) throws IOException {
      List<String> lines = new ArrayList<>();
      for (String line = line(in); line != null; line = line(in)) {
        if (line.isEmpty()) {
          return new Head(lines);
        }
        lines.add(line);
      }
      return null;
    }

    private static String line(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int each = in.read(); each >= 0; each = in.read()) {
        if (each == '\n') {
          return line.toString(StandardCharsets.ISO_8859_1).replace("\r", "");
        }
        line.write(each);
      }
      return null;
    }

    Optional<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst();
    }

    Head without(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return new Head(
          lines.stream().filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(start)).toList());
    }

    void write(OutputStream out) throws IOException {
      out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  public S3Relay(URI store) {
    this.store = store;
    this.server = new SocketServer(this::serve);
  }

  /** What clients take for the store's endpoint. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** All requests, refused ones too, since {@link #forget}. */
  public List<S3Request> requests() {
    return List.copyOf(requests);
  }

  /** Those of a kind. */
  public List<S3Request> requests(S3Request.Kind kind) {
    return requests.stream().filter(request -> request.kind() == kind).toList();
  }

  /** How many of each kind came; kinds that did not come are left out. */
  public Map<S3Request.Kind, Long> counts() {
    return requests.stream().collect(Collectors.groupingBy(S3Request::kind, Collectors.counting()));
  }

  /** How many connections these requests came on. */
  public long connections() {
    return requests.stream().map(S3Request::connection).distinct().count();
  }

  /** The lengths of all bodies that the store has answered with since {@link #forget}. */
  public long bytes() {
    return bytes.get();
  }

  /** Counts from here. */
  public void forget() {
    requests.clear();
    bytes.set(0);
  }

  /** From now on each request waits so long before it is passed on. */
  public void delay(Duration each) {
    delay = each;
  }

  /** From now on the store is not asked where a rule answers; the first one added comes first. */
  public void answerBy(Function<S3Request, Optional<StubAnswer>> rule) {
    rules.add(rule);
  }

  /** From now on the store does what it is asked where a rule answers, but this is said of it. */
  public void answerAfterwardsBy(Function<S3Request, Optional<StubAnswer>> rule) {
    afterwards.add(rule);
  }

  /** Forgets rules and delay. */
  public void letThrough() {
    rules.clear();
    afterwards.clear();
    delay = Duration.ZERO;
  }

  private void serve(Socket client) throws IOException, InterruptedException {
    int connection = connections.incrementAndGet();
    InputStream in = new BufferedInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    try (Socket upstream = new Socket(store.getHost(), store.getPort())) {
      upstream.setTcpNoDelay(true);
      InputStream answers = new BufferedInputStream(upstream.getInputStream());
      for (Head head = Head.read(in); head != null; head = Head.read(in)) {
        S3Request request = S3Request.of(connection, head.lines());
        requests.add(request);
        Thread.sleep(delay.toMillis());
        Optional<StubAnswer> instead =
            rules.stream().flatMap(rule -> rule.apply(request).stream()).findFirst();
        if (head.header("Expect").isPresent()) {
          SocketServer.send(client, "HTTP/1.1 100 Continue\n\n");
        }
        if (instead.isPresent()) {
          body(head, in, OutputStream.nullOutputStream());
          if (instead.get().kind() != StubAnswer.Kind.ANSWER) {
            return;
          }
          answer(instead.get(), request, out);
        } else {
          head.without("Expect").write(upstream.getOutputStream());
          body(head, in, upstream.getOutputStream());
          upstream.getOutputStream().flush();
          Optional<StubAnswer> then =
              afterwards.stream().flatMap(rule -> rule.apply(request).stream()).findFirst();
          passOn(request, answers, then.isEmpty() ? out : OutputStream.nullOutputStream());
          if (then.isPresent()) {
            if (then.get().kind() != StubAnswer.Kind.ANSWER) {
              return;
            }
            answer(then.get(), request, out);
          }
        }
        out.flush();
      }
    }
  }

  private static void answer(StubAnswer answer, S3Request request, OutputStream out)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("HTTP/1.1 " + answer.status() + " Answered");
    answer.headers().forEach((name, value) -> lines.add(name + ": " + value));
    lines.add("Content-Length: " + answer.body().length);
    new Head(lines).write(out);
    if (!request.method().equals("HEAD")) {
      out.write(answer.body());
    }
  }

  private void passOn(S3Request request, InputStream answers, OutputStream out) throws IOException {
    Head head = Head.read(answers);
    if (head == null) {
      throw new EOFException();
    }
    head.header("Content-Length")
        .filter(length -> !request.method().equals("HEAD"))
        .ifPresent(length -> bytes.addAndGet(Long.parseLong(length)));
    head.write(out);
    String status = head.lines().get(0).split(" ")[1];
    if (!request.method().equals("HEAD") && !status.equals("204") && !status.equals("304")) {
      bytes.addAndGet(body(head, answers, out));
    }
  }

  /** Passes a body on; the length of one whose head does not say it. */
  private static long body(Head head, InputStream in, OutputStream out) throws IOException {
    if (head.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
      return chunks(in, out);
    }
    copy(in, out, head.header("Content-Length").map(Long::parseLong).orElse(0L));
    return 0;
  }

  private static long chunks(InputStream in, OutputStream out) throws IOException {
    long length = 0;
    while (true) {
      String line = Head.line(in);
      if (line == null) {
        throw new EOFException();
      }
      out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      long chunk = Long.parseLong(line.split(";")[0].strip(), 16);
      copy(in, out, chunk + 2);
      if (chunk == 0) {
        return length;
      }
      length += chunk;
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] piece = new byte[(int) Math.min(length, PIECE_BYTES)];
    for (long left = length; left > 0; ) {
      int read = in.read(piece, 0, (int) Math.min(left, piece.length));
      if (read < 0) {
        throw new EOFException();
      }
      out.write(piece, 0, read);
      left -= read;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
