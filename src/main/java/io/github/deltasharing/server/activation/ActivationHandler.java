/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.activation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.AccessRecord.Target;
import io.github.deltasharing.server.http.Backlog;
import io.github.deltasharing.server.http.JsonResponses;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import io.github.deltasharing.server.http.RequestOrigin;
import io.github.deltasharing.server.ratelimit.RateLimits;
import io.github.deltasharing.server.recipient.RecipientTokens;
import io.github.deltasharing.server.recipient.RecipientTokens.Activated;
import io.github.deltasharing.server.recipient.RecipientTokens.RecipientId;
import io.github.deltasharing.server.share.ShareViews;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.store.StoredToken;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Activation links. A client's GET opens one and has the profile; a browser gets a page, which
 * opens it by POST when its button is pressed, so that what looks at links on their way (mail
 * scanners, previews) opens none. It is not said whether a link was opened, is old or never was.
 * Nothing of these responses is to be kept. Safe for use by several threads.
 */
public final class ActivationHandler implements PathRouter.Mount {
  public static final String PATH = "/api/2.1/opensharing/activation";
  private static final String SECRET = "[A-Za-z0-9_-]{43}";
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST");

  private final RecipientTokens tokens;
  private final ShareViews shares;
  private final Optional<String> externalUrl;
  private final Map<String, String> endpoints;
  private final Predicate<SharedTable> iceberg;
  private final ServerLimits limits;
  private final RateLimits rates;
  private final ActivationPages pages = new ActivationPages();

  /**
   * Creates the handler.
   *
   * @param shares what recipients see
   * @param externalUrl what recipients reach this server by; empty for what a request named
   * @param endpoints the paths of the protocols that are served, by their fields in a profile
   * @param iceberg which tables Iceberg clients may read
   */
  public ActivationHandler(
      RecipientTokens tokens,
      ShareViews shares,
      Optional<String> externalUrl,
      Map<String, String> endpoints,
      Predicate<SharedTable> iceberg,
      ServerLimits limits,
      RateLimits rates) {
    this.tokens = tokens;
    this.shares = shares;
    this.externalUrl = externalUrl;
    this.endpoints = new TreeMap<>(endpoints);
    this.iceberg = iceberg;
    this.limits = limits;
    this.rates = rates;
  }

  @Override
  public void handle(String secret, Request request, Response response, Callback callback) {
    RequestContext context = RequestContext.of(request);
    context.backlog(new Backlog(limits.responseRate(), limits.responseGrace()));
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("Referrer-Policy", "no-referrer");
    response.getHeaders().put("X-Robots-Tag", "noindex, nofollow");
    response.getHeaders().put(HttpHeader.VARY, "Accept, Sec-Fetch-Dest");
    if (!Visitor.of(request).isBrowser()) {
      serveLimited(secret, false, request, response, callback);
      return;
    }
    try {
      serveLimited(secret, true, request, response, callback);
    } catch (RuntimeException e) {
      ServerError refusal =
          RequestFailures.refusal(e).filter(any -> !response.isCommitted()).orElseThrow(() -> e);
      context.errorCode(refusal.errorCode());
      pages.refusal(refusal, response, callback);
    }
  }

  /** Serves a link, unless its address has tried too many. */
  private void serveLimited(
      String secret, boolean browser, Request request, Response response, Callback callback) {
    rates.openLink(
        request,
        () -> {
          serve(secret, browser, request, response, callback);
          return secret;
        });
  }

  private void serve(
      String secret, boolean browser, Request request, Response response, Callback callback) {
    boolean post = HttpMethod.POST.is(request.getMethod());
    boolean opening = post || (HttpMethod.GET.is(request.getMethod()) && !browser);
    RequestContext context = RequestContext.of(request);
    context.endpoint(opening ? "activation" : "activationPage");
    checkMethod(request, response);
    RecipientId recipient = recipient(secret);
    context.sender(recipient.principal(), recipient.name());
    context.targets(List.of(new Target("recipient", recipient.name())));
    if (!opening) {
      StoredToken token = tokens.pending(secret).orElseThrow(ActivationHandler::none);
      if (browser) {
        pages.invitation(recipient.name(), token, origin(request), response, callback);
      } else {
        write(JsonNodeFactory.instance.objectNode(), response, callback);
      }
      return;
    }
    boolean overview =
        post && "true".equals(Request.extractQueryParameters(request).getValue("overview"));
    // First: what fails now leaves the link as it is.
    ObjectNode all =
        overview
            ? ActivationOverview.of(shares.of(recipient.principal()), iceberg)
            : JsonNodeFactory.instance.objectNode();
    ObjectNode profile =
        profile(request, tokens.activate(secret).orElseThrow(ActivationHandler::none));
    if (overview) {
      all.set("profile", profile);
      JsonResponses.write(response, 200, all, callback);
    } else {
      write(profile, response, callback);
    }
  }

  private static void checkMethod(Request request, Response response) {
    if (!METHODS.contains(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", METHODS));
      throw new ServerError(
          405,
          ServerError.UNSUPPORTED_OPERATION,
          "An activation link is served to " + String.join(", ", METHODS) + " only");
    }
  }

  private RecipientId recipient(String secret) {
    return Optional.of(secret)
        .filter(text -> text.matches(SECRET))
        .flatMap(tokens::recipient)
        .orElseThrow(ActivationHandler::none);
  }

  private static ServerError none() {
    return ServerError.notFound(
        "This activation link was opened already, has expired, or is not one. Ask the provider for"
            + " a new one");
  }

  private ObjectNode profile(Request request, Activated activated) {
    ObjectNode profile = JsonNodeFactory.instance.objectNode();
    profile.put("shareCredentialsVersion", 1);
    endpoints.forEach((field, path) -> profile.put(field, origin(request) + path));
    profile.put("bearerToken", activated.token());
    return profile.put("expirationTime", activated.expiresAt().toString());
  }

  private static void write(ObjectNode profile, Response response, Callback callback) {
    response
        .getHeaders()
        .put(HttpHeader.CONTENT_DISPOSITION, "attachment; filename=\"config.share\"");
    JsonResponses.write(response, 200, profile, callback);
  }

  private String origin(Request request) {
    return externalUrl.orElseGet(() -> RequestOrigin.of(request));
  }
}
