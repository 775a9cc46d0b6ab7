/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.BodyMemory;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.RequestBody;
import io.github.deltasharing.server.recipient.ClientAddress;
import io.github.deltasharing.server.store.SignInStore.SignedIn;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs in by a principal's token, says who is signed in, and signs out. Safe for use by several
 * threads.
 */
final class SessionEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SessionEndpoint.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST_TOKEN = 1_000;

  private final PageSessions sessions;
  private final SessionSignIn signIn;
  private final SessionCookie cookie;
  private final SignInAttempts attempts;
  private final ClientAddress addresses;
  private final ServerLimits limits;
  private final BodyMemory bodies;

  SessionEndpoint(
      PageSessions sessions,
      SessionSignIn signIn,
      SessionCookie cookie,
      SignInAttempts attempts,
      ClientAddress addresses,
      ServerLimits limits) {
    this.sessions = sessions;
    this.signIn = signIn;
    this.cookie = cookie;
    this.attempts = attempts;
    this.addresses = addresses;
    this.limits = limits;
    this.bodies = new BodyMemory(limits.heldBodyBytes() / 8, limits.connections() / 8);
  }

  /** Serves a request, and completes the callback or throws. */
  void handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (request.getMethod()) {
      case "POST" -> begin(request, response, callback);
      case "GET" -> {
        Optional<String> id = cookie.of(request);
        if (id.isEmpty()) {
          // Nobody, which is no error.
          response.setStatus(204);
          response.write(true, null, callback);
        } else {
          JsonResponses.write(
              response, 200, json(id.get(), signIn.require(request, id.get())), callback);
        }
      }
      case "DELETE" -> {
        cookie
            .of(request)
            .ifPresent(
                id -> {
                  signIn.require(request, id);
                  sessions.end(id);
                });
        cookie.clear(request, response);
        response.setStatus(204);
        response.write(true, null, callback);
      }
      default -> {
        response.getHeaders().put(HttpHeader.ALLOW, "GET, POST, DELETE");
        throw new ServerError(
            405,
            ServerError.UNSUPPORTED_OPERATION,
            "A session is served to GET, POST and DELETE only");
      }
    }
  }

  private void begin(Request request, Response response, Callback callback) {
    signIn.refuseOtherSites(request);
    String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new ServerError(
          415,
          ServerError.MALFORMED_REQUEST,
          "Send {\"token\":\"…\"} with Content-Type: application/json");
    }
    new RequestBody(
            request,
            response,
            callback,
            limits,
            bodies,
            body -> signIn(token(body), request, response, callback))
        .read();
  }

  /** Nothing of the body is in a message. */
  private static String token(byte[] body) {
    JsonNode token;
    try {
      token = MAPPER.readTree(body).path("token");
    } catch (IOException e) {
      throw ServerError.malformed("The request's body is not JSON");
    }
    if (!token.isTextual() || token.textValue().length() > LONGEST_TOKEN) {
      throw ServerError.invalid("token must be a text: a principal's token");
    }
    return token.textValue().strip();
  }

  private void signIn(String token, Request request, Response response, Callback callback) {
    String address = addresses.network(request);
    Optional<Duration> wait = attempts.begin(address);
    if (wait.isPresent()) {
      long seconds = Math.max(1, wait.get().plusMillis(999).toSeconds());
      response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds);
      throw ServerError.tooMany(
          "Too many tokens were refused. Try again in %d s".formatted(seconds));
    }
    PageSessions.Made made;
    try {
      made = sessions.signIn(token);
    } catch (ServerError e) {
      if (e.status() != 401) {
        attempts.undecided(address);
        throw e;
      }
      LOG.warn("A sign-in to the page from {} was refused: the token is nobody's", address);
      throw new ServerError(
          401,
          ServerError.UNAUTHENTICATED,
          "This token is not valid. Use that of a principal of this server, which an admin can"
              + " make or rotate");
    } catch (RuntimeException e) {
      attempts.undecided(address);
      throw e;
    }
    attempts.accepted(address);
    LOG.info("'{}' signed in to the page from {}", made.signedIn().principal().name(), address);
    SessionSignIn.note(request, made.signedIn());
    cookie.set(request, response, made.id());
    JsonResponses.write(response, 201, json(made.id(), made.signedIn()), callback);
  }

  private static ObjectNode json(String id, SignedIn signedIn) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", signedIn.principal().name());
    json.put("role", signedIn.principal().role().name());
    json.put("csrf_token", PageSessions.csrfToken(id));
    json.put("idle_seconds", PageSessions.IDLE.toSeconds());
    return json.put("expires_at", signedIn.expiresAt().toString());
  }
}
