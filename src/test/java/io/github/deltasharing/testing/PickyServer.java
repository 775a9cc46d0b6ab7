/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A server that refuses requests which have something that it does not know: each of the optional
 * parts of requests is unknown to some server. It stands in front of a {@link TestShare}'s server.
 * Thread-safe; close it after use.
 */
public final class PickyServer implements Recipient, AutoCloseable {
  /** What is refused, with which status, and whether the refusal says what it is about. */
  public enum Refused {
    SQL_HINTS(400, true, inBody("predicateHints")),
    JSON_HINTS(400, false, inBody("jsonPredicateHints")),
    LIMIT(400, true, inBody("limitHint")),
    PAGES(
        400, false, request -> inBody("maxFiles").test(request) || inTarget(request, "maxFiles=")),
    REFRESH_TOKEN(400, true, inBody("includeRefreshToken")),
    REFRESH_TOKEN_FAILS(500, false, inBody("includeRefreshToken")),
    ASYNC(400, true, capability("asyncquery")),
    IDEMPOTENCY_KEY(400, false, inBody("idempotencyKey")),
    OLD_IDEMPOTENCY_KEY(422, true, inBody("idempotency_key")),
    END_STREAM(400, false, capability("includeendstreamaction")),
    READER_FEATURES(400, true, capability("readerfeatures")),
    FILE_IDS(400, true, request -> request.header("fileidhash") != null),
    HISTORY(
        400,
        false,
        request ->
            inTarget(request, "includeHistorical") || inBody("includeHistorical").test(request));

    private final int status;
    private final boolean says;

    @SuppressWarnings("ImmutableEnumChecker") // predicates without state
    private final Predicate<StubRequest> part;

    Refused(int status, boolean says, Predicate<StubRequest> part) {
      this.status = status;
      this.says = says;
      this.part = part;
    }

    boolean isIn(StubRequest request) {
      return part.test(request);
    }

    private StubAnswer answer() {
      return StubAnswer.error(
          status,
          status == 500 ? "INTERNAL_ERROR" : "INVALID_PARAMETER_VALUE",
          says ? "unknown: " + wireName() : "");
    }

    private String wireName() {
      return switch (this) {
        case SQL_HINTS -> "predicateHints";
        case LIMIT -> "limitHint";
        case REFRESH_TOKEN -> "includeRefreshToken";
        case ASYNC -> "asyncquery";
        case OLD_IDEMPOTENCY_KEY -> "idempotency_key";
        case READER_FEATURES -> "readerfeatures";
        case FILE_IDS -> "fileidhash";
        default -> throw new IllegalStateException(name());
      };
    }

    private static Predicate<StubRequest> inBody(String field) {
      return request -> request.body().contains("\"" + field);
    }

    private static boolean inTarget(StubRequest request, String parameter) {
      return request.target().contains(parameter);
    }

    private static Predicate<StubRequest> capability(String name) {
      return request -> {
        String header = request.header(ReferenceServer.CAPABILITIES);
        return header != null && header.toLowerCase(Locale.ROOT).contains(name);
      };
    }
  }

  private final StubServer proxy = new StubServer().onAnything(this::answer);
  private final Set<Refused> refused;
  private final URI behind;
  private final Path profile;

  public PickyServer(TestShare share, Set<Refused> refused) {
    this.refused = refused;
    this.behind = share.server().uri();
    this.profile = share.profile().resolveSibling("picky-" + proxy.port() + ".share");
    TestShare.writeProfile(profile, proxy.url(behind.getPath()), TestShare.CANARY);
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  /** How many requests had a part. */
  public long requestsWith(Refused part) {
    return proxy.requests().stream().filter(part::isIn).count();
  }

  private StubAnswer answer(StubRequest request) {
    return refused.stream()
        .filter(part -> part.isIn(request))
        .findFirst()
        .map(Refused::answer)
        .orElseGet(() -> PassOn.to(behind, request, request.body()));
  }

  @Override
  public void close() {
    proxy.close();
  }
}
