/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.Uploads;
import io.github.deltasharing.server.store.AdminRole;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Provenance;
import io.github.deltasharing.server.store.StoredPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.util.Fields;

/**
 * The admin API for who may open the store itself, and so is an admin. What is refused is thrown as
 * {@link io.github.deltasharing.server.error.ServerError}. Used by one thread at a time.
 */
public final class LocalAdmin {
  private static final int LONGEST_NAME = 255;
  private static final int BUFFER = 1 << 16;

  private final AdminEndpoints endpoints;
  private final StoredPrincipal principal;
  private final String origin;
  private final Clock clock;
  private final LocalAudit audit;

  /**
   * Creates it.
   *
   * @param by who uses it
   * @param origin what recipients reach the server by
   */
  public LocalAdmin(
      Database database, AdminEndpoints endpoints, String by, String origin, Clock clock) {
    this.audit = new LocalAudit(database, by, clock);
    this.endpoints = endpoints;
    this.origin = origin;
    this.clock = clock;
    Instant now = clock.instant();
    this.principal =
        new StoredPrincipal(
            "local",
            by,
            AdminRole.ADMIN,
            "",
            Optional.empty(),
            new Provenance(0, now, by, now, by));
  }

  /**
   * What is asked for. Immutable.
   *
   * @param method the HTTP method
   * @param path the segments of the path below the API's
   * @param query its parameters
   * @param body its JSON, empty for none
   * @param ifMatch the header
   */
  public record Request(
      String method,
      List<String> path,
      Map<String, List<String>> query,
      Optional<ObjectNode> body,
      Optional<String> ifMatch) {}

  /** The response's body, empty for none. */
  public Optional<ObjectNode> send(Request request) {
    AdminRoute route = AdminRoute.find(request.method(), request.path());
    AdminBody body = AdminBody.of(request.body().orElseGet(JsonNodeFactory.instance::objectNode));
    AdminCall call = call(route, request, body);
    return noted(route, call, () -> endpoints.answer(route.endpoint(), call));
  }

  /** Notes what is changed, and what is refused to be. */
  private Optional<ObjectNode> noted(AdminRoute route, AdminCall call, Supplier<AdminAnswer> work) {
    Action action = action(route.endpoint().method());
    if (action == Action.READ) {
      return work.get().json();
    }
    String path = route.endpoint().path();
    LocalAudit.Operation operation =
        new LocalAudit.Operation(
            route.endpoint().logName(),
            action,
            path.split("/", 2)[0].replaceFirst("s$", ""),
            route.names().isEmpty() ? given(call) : call.name());
    try {
      AdminAnswer answer = work.get();
      audit.note(operation, call.now(), answer.status(), "");
      return answer.json();
    } catch (ServerError e) {
      audit.note(operation, call.now(), e.status(), e.errorCode());
      throw e;
    }
  }

  private static String given(AdminCall call) {
    try {
      return call.body().text("name", LONGEST_NAME).orElse("");
    } catch (ServerError e) {
      return "";
    }
  }

  private static Action action(String method) {
    return switch (method) {
      case "GET" -> Action.READ;
      case "POST" -> Action.CREATE;
      case "DELETE" -> Action.DELETE;
      default -> Action.UPDATE;
    };
  }

  /** As above, for a file that is the body. */
  public Optional<ObjectNode> upload(Request request, InputStream file, long bytes)
      throws IOException {
    AdminRoute route = AdminRoute.find(request.method(), request.path());
    Fields fields = new Fields();
    request.query().forEach((name, values) -> values.forEach(value -> fields.add(name, value)));
    AdminCall call = call(route, request, PublicationBody.ofQuery(fields));
    Uploads.Incoming incoming = endpoints.publications().begin(call, bytes);
    try {
      byte[] buffer = new byte[BUFFER];
      for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
        incoming.write(ByteBuffer.wrap(buffer, 0, read));
      }
    } catch (IOException | RuntimeException e) {
      incoming.drop();
      throw e;
    }
    return noted(route, call, () -> endpoints.publications().uploaded(call, incoming, () -> {}));
  }

  private AdminCall call(AdminRoute route, Request request, AdminBody body) {
    Map<String, String> parameters = new HashMap<>();
    request.query().forEach((name, values) -> parameters.put(name, values.get(0)));
    return new AdminCall(
        principal, route.names(), parameters, body, request.ifMatch(), origin, clock.instant());
  }
}
