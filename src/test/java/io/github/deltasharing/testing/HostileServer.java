/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.table.FilterColumns;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A server that drops every file which it can justify by the hints of a query. It stands in front
 * of a {@link TestShare}'s server, takes the hints out of query bodies and filters the files of the
 * answer itself ({@link HostileFilter}). A connector that gets all rows through it sends only hints
 * that no server can misunderstand. Remembers what was asked. Thread-safe.
 */
public final class HostileServer implements Recipient, AutoCloseable {
  /** A reading of hints that some server has. */
  public enum Mode {
    /** Names are those that users see; the limit counts the rows of the files that are left. */
    LOGICAL_NAMES,
    /** Names are looked up in statistics and partition values as they come. */
    PHYSICAL_NAMES,
    /** Takes as many files as have the limit's rows, and filters those. */
    LIMIT_FIRST
  }

  /** A query as it came, and how many of the server's files the answer had and left out. */
  public record Query(JsonNode body, int kept, int dropped) {
    public List<String> sqlHints() {
      List<String> hints = new ArrayList<>();
      body.path("predicateHints").forEach(hint -> hints.add(hint.asText()));
      return hints;
    }

    public Optional<String> jsonHint() {
      return Optional.ofNullable(body.path("jsonPredicateHints").asText(null));
    }

    public OptionalLong limitHint() {
      JsonNode limit = body.path("limitHint");
      return limit.isIntegralNumber() ? OptionalLong.of(limit.asLong()) : OptionalLong.empty();
    }
  }

  private final StubServer proxy = new StubServer().onAnything(this::answer);
  private final Queue<Query> queries = new ConcurrentLinkedQueue<>();
  private final Mode mode;
  private final URI behind;
  private final Path profile;

  public HostileServer(TestShare share, Mode mode) {
    this.mode = mode;
    this.behind = share.server().uri();
    this.profile = share.profile().resolveSibling("hostile-" + proxy.port() + ".share");
    TestShare.writeProfile(profile, proxy.url(behind.getPath()), TestShare.CANARY);
  }

  public Mode mode() {
    return mode;
  }

  /** What the profile names as endpoint. */
  public String endpoint() {
    return proxy.url(behind.getPath());
  }

  @Override
  public String path(String table) {
    return profile + "#share.schema." + table;
  }

  /** The queries since the last call, in their order. */
  public List<Query> takeQueries() {
    List<Query> taken = new ArrayList<>();
    for (Query query = queries.poll(); query != null; query = queries.poll()) {
      taken.add(query);
    }
    return taken;
  }

  private StubAnswer answer(StubRequest request) {
    boolean isQuery = request.method().equals("POST") && request.target().endsWith("/query");
    if (!isQuery) {
      return PassOn.to(behind, request, request.body());
    }
    JsonNode asked = ListedFile.tree(request.body().isEmpty() ? "{}" : request.body());
    ObjectNode withoutHints = asked.deepCopy();
    withoutHints.remove(List.of("predicateHints", "jsonPredicateHints", "limitHint"));
    StubAnswer whole = PassOn.to(behind, request, withoutHints.toString());
    return whole.status() == 200
        ? whole.withBody(filtered(asked, new String(whole.body(), StandardCharsets.UTF_8)))
        : whole;
  }

  private String filtered(JsonNode asked, String answer) {
    Query query = new Query(asked, 0, 0);
    HostileFilter filter = null;
    List<JsonPredicate> hints = List.of();
    StringBuilder result = new StringBuilder();
    long rows = 0;
    int kept = 0;
    int dropped = 0;
    for (String line : answer.lines().toList()) {
      JsonNode tree = ListedFile.tree(line);
      if (tree.has("metaData")) {
        filter = filter(tree.get("metaData"));
        hints = filter.understood(query.sqlHints(), query.jsonHint());
      }
      Optional<ListedFile> file = ListedFile.of(tree);
      if (file.isPresent()) {
        boolean inLimit = query.limitHint().isEmpty() || rows < query.limitHint().getAsLong();
        boolean matches = filter.keeps(hints, file.get());
        rows += mode == Mode.LIMIT_FIRST || matches ? file.get().numRecords() : 0;
        if (!inLimit || !matches) {
          dropped++;
          continue;
        }
        kept++;
      }
      result.append(line).append('\n');
    }
    queries.add(new Query(asked, kept, dropped));
    return result.toString();
  }

  /** A zone on either side of those that sessions of the tests have. */
  private HostileFilter filter(JsonNode metadata) {
    JsonNode inner = metadata.has("deltaMetadata") ? metadata.get("deltaMetadata") : metadata;
    List<String> partitionColumns = new ArrayList<>();
    inner.path("partitionColumns").forEach(name -> partitionColumns.add(name.asText()));
    boolean physicalNames = mode == Mode.PHYSICAL_NAMES;
    return new HostileFilter(
        new FilterColumns(inner.path("schemaString").asText(), partitionColumns, true),
        physicalNames,
        ZoneId.of(physicalNames ? "Pacific/Pago_Pago" : "Pacific/Kiritimati"));
  }

  @Override
  public void close() {
    proxy.close();
  }
}
