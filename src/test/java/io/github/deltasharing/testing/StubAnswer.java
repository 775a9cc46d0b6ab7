/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * What a {@link StubServer} answers. Immutable; the {@code with…} methods return changed copies.
 *
 * @param body all bytes that the headers promise
 * @param sent how many of them are sent before the connection is closed; −1 for all; of a slow
 *     answer, how many are sent at a time
 * @param kind whether to answer at all
 * @param pause between two parts of a slow answer
 */
public record StubAnswer(
    int status, Map<String, String> headers, byte[] body, int sent, Kind kind, Duration pause) {
  /** Whether and how the server keeps silent. */
  public enum Kind {
    ANSWER,
    STALL,
    SLOW,
    HANG_UP,
    HANG
  }

  /** An answer without a body. */
  public static StubAnswer status(int status) {
    return new StubAnswer(status, Map.of(), new byte[0], -1, Kind.ANSWER, Duration.ZERO);
  }

  /** 200 without a body. */
  public static StubAnswer empty() {
    return status(200);
  }

  public static StubAnswer json(String json) {
    return json(200, json);
  }

  public static StubAnswer json(int status, String json) {
    return status(status).withHeader("Content-Type", "application/json").withBody(json);
  }

  /** The protocol's error body. */
  public static StubAnswer error(int status, String errorCode, String message) {
    return json(status, "{\"errorCode\":\"" + errorCode + "\",\"message\":\"" + message + "\"}");
  }

  public static StubAnswer html(int status, String html) {
    return status(status).withHeader("Content-Type", "text/html").withBody(html);
  }

  /** Lines of an answer about a table, each ended by a newline. */
  public static StubAnswer ndjson(String... lines) {
    return empty()
        .withHeader("Content-Type", "application/x-ndjson; charset=utf-8")
        .withBody(lines.length == 0 ? "" : String.join("\n", lines) + "\n");
  }

  /** A data file as object stores serve it: the range asked for, or all of it. */
  public static StubAnswer file(StubRequest request, byte[] file) {
    String range = request.header("Range");
    if (range == null) {
      return empty().withBody(file);
    }
    String[] bounds = range.substring("bytes=".length()).split("-", 2);
    int first = Integer.parseInt(bounds[0]);
    int last = Math.min(Integer.parseInt(bounds[1]), file.length - 1);
    if (first >= file.length) {
      return status(416).withHeader("Content-Range", "bytes */" + file.length);
    }
    return status(206)
        .withHeader("Content-Range", "bytes " + first + "-" + last + "/" + file.length)
        .withBody(Arrays.copyOfRange(file, first, last + 1));
  }

  /** Closes the connection without an answer. */
  public static StubAnswer hangUp() {
    return new StubAnswer(0, Map.of(), new byte[0], -1, Kind.HANG_UP, Duration.ZERO);
  }

  /** Never answers; the connection stays until the server is closed. */
  public static StubAnswer hang() {
    return new StubAnswer(0, Map.of(), new byte[0], -1, Kind.HANG, Duration.ZERO);
  }

  public StubAnswer withHeader(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new StubAnswer(status, all, body, sent, kind, pause);
  }

  public StubAnswer withBody(String text) {
    return withBody(text.getBytes(StandardCharsets.UTF_8));
  }

  public StubAnswer withBody(byte[] bytes) {
    return new StubAnswer(status, headers, bytes, sent, kind, pause);
  }

  public StubAnswer gzipped() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return withBody(out.toByteArray()).withHeader("Content-Encoding", "gzip");
  }

  /** Promises the whole body, sends {@code bytes} of it and then nothing more. */
  public StubAnswer stallAfter(int bytes) {
    return new StubAnswer(status, headers, body, bytes, Kind.STALL, Duration.ZERO);
  }

  /** Sends the whole body, {@code bytes} at a time, with pauses between. */
  public StubAnswer slowly(int bytes, Duration pauses) {
    return new StubAnswer(status, headers, body, Math.max(bytes, 1), Kind.SLOW, pauses);
  }

  /** Promises the whole body, sends {@code bytes} of it and closes the connection. */
  public StubAnswer cutAfter(int bytes) {
    return new StubAnswer(status, headers, body, bytes, kind, pause);
  }
}
