/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.activation;

import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.PageHeaders;
import io.github.deltasharing.server.store.StoredToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The pages behind an activation link. They load nothing but the server's own style sheet and
 * script, and tell nobody their address, which is a secret. Safe for use by several threads.
 */
final class ActivationPages {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private final String invitation = template("invitation.html");
  private final String refusal = template("refusal.html");

  /** A link that can be opened. */
  void invitation(
      String recipient, StoredToken token, String origin, Response response, Callback callback) {
    write(
        200,
        fill(
            invitation,
            Map.of(
                "recipient", recipient,
                "provider", URI.create(origin).getAuthority(),
                "linkend", token.activationExpiresAt().toString(),
                "linkendtext", text(token.activationExpiresAt()),
                "end", token.expiresAt().toString(),
                "endtext", text(token.expiresAt()))),
        response,
        callback);
  }

  /** Why there is nothing to be had. */
  void refusal(ServerError error, Response response, Callback callback) {
    if (error.status() == 503 || error.status() == 429) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, error.retryAfterSeconds());
    }
    boolean gone = error.status() == 404;
    write(
        error.status(),
        fill(
            refusal,
            Map.of(
                "title", gone ? "This link cannot be opened" : "That did not work this time",
                "message", error.getMessage() + ".",
                "advice",
                    gone
                        ? "If you did not open it, somebody else may have: tell the provider, who"
                            + " can end what it gave."
                        : error.status() == 429
                            ? "Load the page again then: the link is as it was."
                            : "Load the page again in a moment.")),
        response,
        callback);
  }

  private static String text(Instant time) {
    return MINUTES.format(time);
  }

  private static void write(int status, String page, Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
    PageHeaders.add(response);
    response.write(true, ByteBuffer.wrap(page.getBytes(StandardCharsets.UTF_8)), callback);
  }

  /** Puts texts into a page, as texts. */
  private static String fill(String template, Map<String, String> texts) {
    Matcher place = PLACE.matcher(template);
    return place.replaceAll(
        match -> Matcher.quoteReplacement(escape(texts.getOrDefault(match.group(1), ""))));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String template(String name) {
    try (InputStream in = ActivationPages.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
