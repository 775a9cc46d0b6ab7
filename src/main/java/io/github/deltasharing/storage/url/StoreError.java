/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.error.Masking;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.http.ResponseBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a store says of a request for which it sends no bytes. Immutable.
 *
 * @param code the store's own word for the error, such as {@code AccessDenied}; empty for none
 * @param text the response's status and, where its body has any, the store's own words: short, and
 *     without what signs a URL
 */
public record StoreError(String code, String text) {
  private static final int MOST_BYTES = 8 << 10;
  private static final int MOST_CHARS = 300;
  private static final Duration WAIT = Duration.ofSeconds(2);

  private static final Pattern CODE = Pattern.compile("<Code>([^<]{1,200})</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]{1,2000})</Message>");

  /** The text alone. */
  static String of(HttpResponse response) {
    return read(response).text();
  }

  /** Reads the response's body, and does not wait for it long; never fails. */
  public static StoreError read(HttpResponse response) {
    String status = "the store answered HTTP " + response.statusCode();
    String body = body(response.body());
    String words = words(body, response.header("Content-Type"));
    Matcher code = CODE.matcher(body);
    return new StoreError(
        code.find() ? Masking.OF_URLS.line(code.group(1)) : "",
        words.isEmpty() ? status : status + " (" + words + ")");
  }

  private static String body(ResponseBody body) {
    byte[] bytes = new byte[MOST_BYTES];
    int length = 0;
    body.waitAtMost(WAIT);
    long end = System.nanoTime() + WAIT.toNanos();
    try {
      for (int n = 0;
          n >= 0 && length < bytes.length && System.nanoTime() < end;
          length += Math.max(n, 0)) {
        n = body.read(bytes, length, bytes.length - length);
      }
    } catch (IOException e) {
      // What came so far may say it.
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static String words(String body, String contentType) {
    Matcher code = CODE.matcher(body);
    Matcher message = MESSAGE.matcher(body);
    if (code.find()) {
      return masked(code.group(1) + (message.find() ? ": " + message.group(1) : ""));
    }
    boolean page = body.stripLeading().startsWith("<");
    boolean text = contentType == null || contentType.matches("(?i)(text/|application/json).*");
    return page || !text || body.indexOf('\ufffd') >= 0 ? "" : masked(body);
  }

  private static String masked(String words) {
    String line = Masking.OF_URLS.line(words);
    return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "…";
  }
}
