/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which events of an audit. What is empty is any. Immutable.
 *
 * @param from the earliest time
 * @param to the time before which they are
 * @param names what they are about: {@code recipient}, {@code principal}, {@code share}, {@code
 *     schema}, {@code table}
 * @param operation the endpoint's name
 * @param action the kind of operation
 * @param status the HTTP status
 * @param failed whether they failed
 * @param requestId the request's id
 */
public record AuditFilter(
    Optional<Instant> from,
    Optional<Instant> to,
    Map<String, String> names,
    Optional<String> operation,
    Optional<AuditEvent.Action> action,
    OptionalInt status,
    Optional<Boolean> failed,
    Optional<String> requestId) {

  /** A condition's SQL and its values. */
  record Condition(String sql, Object[] values) {}

  /** The condition, whatever the recipient is. */
  Condition condition(String before) {
    StringBuilder sql = new StringBuilder("TRUE");
    List<Object> values = new ArrayList<>();
    if (!before.isEmpty()) {
      sql.append(" AND e.id < ?");
      values.add(before);
    }
    from.ifPresent(time -> add(sql, values, "e.id >= ?", AuditEvent.firstId(time)));
    to.ifPresent(time -> add(sql, values, "e.id < ?", AuditEvent.firstId(time)));
    for (String name : List.of("principal", "share", "schema", "table")) {
      if (names.containsKey(name)) {
        add(sql, values, "e." + name + "_key = ?", AuditKey.of(names.get(name)));
      }
    }
    operation.ifPresent(name -> add(sql, values, "e.operation = ?", name));
    action.ifPresent(kind -> add(sql, values, "e.action = ?", kind.name()));
    status.ifPresent(code -> add(sql, values, "e.status = ?", code));
    failed.ifPresent(is -> sql.append(is ? " AND e.failed" : " AND NOT e.failed"));
    requestId.ifPresent(id -> add(sql, values, "e.request_id = ?", id));
    return new Condition(sql.toString(), values.toArray());
  }

  private static void add(StringBuilder sql, List<Object> values, String condition, Object value) {
    sql.append(" AND ").append(condition);
    values.add(value);
  }

  /** The key of the recipient, if it is to be about one. */
  Optional<String> recipient() {
    return Optional.ofNullable(names.get("recipient")).map(AuditKey::of);
  }
}
