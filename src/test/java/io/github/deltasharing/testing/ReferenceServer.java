/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The embedded server with the manners of the reference server: it refuses and leaves out what
 * releases 1.0 to 1.4.1 of that refuse and leave out, as their source has it. It stands in front of
 * a {@link TestShare}'s server, looks at requests and edits answers ({@link ReferenceAnswer}); data
 * files come from the server behind. Thread-safe; close it after use.
 *
 * <p>Since 1.2 the reference server has two readers. The old one, which also answers for {@code
 * predicateHints}, {@code maxFiles}, {@code pageToken}, {@code startingVersion} and the change
 * feed, knows no table features at all.
 */
public final class ReferenceServer implements Recipient, AutoCloseable {
  /** What a release can do. */
  public enum Release {
    /** Has the old reader only; knows neither EndStreamAction nor reader features. */
    V1_0,
    /** Reads snapshots with Delta Kernel. */
    V1_4;

    boolean hasKernel() {
      return this == V1_4;
    }
  }

  static final String CAPABILITIES = "delta-sharing-capabilities";
  private static final String ALL_FEATURES =
      "responseformat=delta;readerfeatures=deletionvectors,columnmapping,timestampntz,typewidening,"
          + "typewidening-preview,v2checkpoint,vacuumprotocolcheck";
  private static final List<String> OLD_READER =
      List.of("predicateHints", "maxFiles", "pageToken", "startingVersion");

  private final StubServer proxy = new StubServer().onAnything(this::answer);
  private final Map<String, Boolean> refused = new ConcurrentHashMap<>();
  private final Release release;
  private final URI behind;
  private final Path profile;

  public ReferenceServer(TestShare share, Release release) {
    this.release = release;
    this.behind = share.server().uri();
    this.profile = share.profile().resolveSibling("reference-" + proxy.port() + ".share");
    TestShare.writeProfile(profile, proxy.url(behind.getPath()), TestShare.CANARY);
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  /** What the profile names as endpoint. */
  public String endpoint() {
    return proxy.url(behind.getPath());
  }

  /** The requests so far. */
  public List<StubRequest> requests() {
    return proxy.requests();
  }

  /** Whether the old reader was asked for a table that it cannot read. */
  public boolean hasRefused(String table) {
    return refused.containsKey(table);
  }

  private StubAnswer answer(StubRequest request) {
    boolean query = request.method().equals("POST") && request.target().endsWith("/query");
    boolean changes = request.target().contains("/changes?");
    boolean metadata = request.target().matches(".*/metadata(\\?.*)?");
    if (!query && !changes && !metadata) {
      return PassOn.to(behind, request, request.body());
    }
    JsonNode body = ListedFile.tree(request.body().isEmpty() ? "{}" : request.body());
    boolean old =
        !release.hasKernel() || changes || OLD_READER.stream().anyMatch(n -> has(body, n));
    Optional<StubAnswer> refusal = refusal(request, body, old);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    StubAnswer right = PassOn.to(behind, understood(request, metadata), request.body());
    if (right.status() != 200) {
      return right;
    }
    boolean version = has(body, "version") || has(body, "timestamp");
    ReferenceAnswer edited =
        new ReferenceAnswer(
            old, metadata, query && !has(body, "startingVersion"), version && !metadata);
    StubAnswer answer =
        right.withBody(edited.edit(new String(right.body(), StandardCharsets.UTF_8)));
    return release.hasKernel() ? answer : answer.withHeader(CAPABILITIES, asAsked(request));
  }

  private Optional<StubAnswer> refusal(StubRequest request, JsonNode body, boolean old) {
    if (old) {
      Optional<String> protocol = tooNew(request);
      if (protocol.isPresent()) {
        refused.put(table(request), true);
        return Optional.of(
            StubAnswer.error(
                400,
                "UNSUPPORTED_OPERATION",
                "Delta protocol version "
                    + protocol.get()
                    + " is too new for this version of Delta Standalone Reader/Writer (1,2). Please"
                    + " upgrade to a newer release."));
      }
    }
    // The refresh token of a table without an id cannot be made.
    if (body.path("includeRefreshToken").asBoolean() && !hasId(table(request))) {
      return Optional.of(
          StubAnswer.status(500)
              .withHeader("Content-Type", "text/plain; charset=utf-8")
              .withBody("{\"errorCode\":\"INTERNAL_ERROR\",\"message\":\"\"}"));
    }
    return Optional.empty();
  }

  /** Half of the tables have an id in the reference server's configuration. */
  private static boolean hasId(String table) {
    return table.length() % 2 == 0;
  }

  /** The latest version's protocol, if the old reader does not know it. */
  private Optional<String> tooNew(StubRequest request) {
    String target = request.target().replaceFirst("/tables/([^/]*)/.*", "/tables/$1/metadata");
    Map<String, String> headers = new TreeMap<>(request.headers());
    headers.keySet().removeIf(name -> name.equalsIgnoreCase(CAPABILITIES));
    headers.put(CAPABILITIES, ALL_FEATURES);
    StubAnswer metadata =
        PassOn.to(behind, new StubRequest("GET", target, headers, "", request.remotePort()), "");
    JsonNode protocol =
        ListedFile.tree(
                new String(metadata.body(), StandardCharsets.UTF_8).lines().findFirst().get())
            .path("protocol")
            .path("deltaProtocol");
    return protocol.path("minReaderVersion").asInt() > 1
        ? Optional.of(
            "(" + protocol.path("minReaderVersion") + "," + protocol.path("minWriterVersion") + ")")
        : Optional.empty();
  }

  /** What the release understands of a request. */
  private StubRequest understood(StubRequest request, boolean metadata) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(request.headers());
    if (!release.hasKernel()) {
      headers.remove("fileidhash");
      headers.computeIfPresent(CAPABILITIES, (name, value) -> "responseformat=" + format(value));
    }
    if (metadata) {
      // Its end is never marked.
      headers.computeIfPresent(
          CAPABILITIES, (name, value) -> value.replace("includeendstreamaction=true", ""));
    }
    return new StubRequest(
        request.method(), request.target(), headers, request.body(), request.remotePort());
  }

  /** 1.0 takes the list of formats for one, and all but {@code delta} for parquet. */
  private static String format(String capabilities) {
    return asAsked(capabilities).equals("responseformat=delta") ? "delta" : "parquet";
  }

  private static String asAsked(StubRequest request) {
    String capabilities = request.header(CAPABILITIES);
    return asAsked(capabilities == null ? "responseformat=parquet" : capabilities);
  }

  private static String asAsked(String capabilities) {
    for (String capability : capabilities.toLowerCase(Locale.ROOT).split(";", -1)) {
      if (capability.startsWith("responseformat=")) {
        return capability;
      }
    }
    return "responseformat=parquet";
  }

  private static boolean has(JsonNode body, String field) {
    JsonNode value = body.path(field);
    return !value.isMissingNode() && !value.isNull() && !(value.isArray() && value.isEmpty());
  }

  private static String table(StubRequest request) {
    return request.target().replaceFirst(".*/tables/([^/]*)/.*", "$1");
  }

  @Override
  public void close() {
    proxy.close();
  }
}
