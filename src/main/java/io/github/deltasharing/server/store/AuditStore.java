/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.AuditEvent.Actor;
import io.github.deltasharing.server.store.AuditEvent.ActorType;
import io.github.deltasharing.server.store.AuditEvent.Resource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Events of the audit. Stateless: each call works on the session that it is given. */
public final class AuditStore {
  private static final String RETENTION = "audit-retention";
  private static final String SELECT = "SELECT e.* FROM audit_events e WHERE ";
  private static final String NEWEST = " ORDER BY e.id DESC LIMIT ?";

  /** What is kept of an event beside the columns that are searched. */
  private record Details(List<Resource> resources, String change, Map<String, String> more) {}

  public void add(Session session, List<AuditEvent> events) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    List<Object[]> further = new ArrayList<>();
    for (AuditEvent event : events) {
      List<String> recipients = event.recipients();
      rows.add(row(event, recipients));
      recipients.stream().skip(1).forEach(key -> further.add(new Object[] {key, event.id()}));
    }
    session.batch(
        "INSERT INTO audit_events (id, at_millis, duration_millis, method, operation, action,"
            + " actor_type, actor_id, actor_name, recipient_key, principal_key, share_key,"
            + " schema_key, table_key, table_version, files, bytes, status, failed, error_code,"
            + " address, request_id, details)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows);
    session.batch("INSERT INTO audit_recipients (recipient_key, event_id) VALUES (?, ?)", further);
  }

  private static Object[] row(AuditEvent event, List<String> recipients) {
    return new Object[] {
      event.id(),
      event.time().toEpochMilli(),
      event.durationMillis(),
      event.method(),
      event.operation(),
      event.action().name(),
      event.actor().type().name(),
      event.actor().id(),
      event.actor().name(),
      recipients.stream().findFirst().orElse(""),
      event.principals().stream().findFirst().orElse(""),
      key(event, "share"),
      key(event, "schema"),
      key(event, "table"),
      event.tableVersion(),
      event.files(),
      event.bytes(),
      event.status(),
      !event.succeeded(),
      event.errorCode(),
      event.address(),
      event.requestId(),
      JsonText.of(new Details(event.resources(), event.change(), event.more()))
    };
  }

  private static String key(AuditEvent event, String type) {
    return event.resource(type).map(AuditKey::of).orElse("");
  }

  /** Whether an event is there. */
  public boolean has(Session session, String id) throws SQLException {
    return session.first("SELECT 1 FROM audit_events WHERE id = ?", row -> true, id).isPresent();
  }

  /** A page of events, the newest first. */
  public Page<AuditEvent> page(Session session, AuditFilter filter, Page.Of page)
      throws SQLException {
    AuditFilter.Condition any = filter.condition(page.after());
    int size = page.size() + 1;
    List<AuditEvent> events;
    if (filter.recipient().isEmpty()) {
      events = list(session, any, "", Optional.empty(), size);
    } else {
      // Two queries with an index each, where one with OR has none.
      String condition = " AND e.recipient_key = ?";
      Map<String, AuditEvent> found = new TreeMap<>(Comparator.reverseOrder());
      list(session, any, condition, filter.recipient(), size)
          .forEach(event -> found.put(event.id(), event));
      condition = " AND e.id IN (SELECT event_id FROM audit_recipients WHERE recipient_key = ?)";
      list(session, any, condition, filter.recipient(), size)
          .forEach(event -> found.put(event.id(), event));
      events = found.values().stream().limit(size).toList();
    }
    return Page.of(events, page.size(), AuditEvent::id);
  }

  private static List<AuditEvent> list(
      Session session,
      AuditFilter.Condition condition,
      String more,
      Optional<String> recipient,
      int size)
      throws SQLException {
    List<Object> values = new ArrayList<>(Arrays.asList(condition.values()));
    recipient.ifPresent(values::add);
    values.add(size);
    return session.list(
        SELECT + condition.sql() + more + NEWEST, AuditStore::event, values.toArray());
  }

  private static AuditEvent event(ResultSet row) throws SQLException {
    Details details = JsonText.read(row.getString("details"), new TypeReference<Details>() {});
    return new AuditEvent(
        row.getString("id"),
        Instant.ofEpochMilli(row.getLong("at_millis")),
        row.getLong("duration_millis"),
        row.getString("method"),
        row.getString("operation"),
        Action.valueOf(row.getString("action")),
        new Actor(
            ActorType.valueOf(row.getString("actor_type")),
            row.getString("actor_id"),
            row.getString("actor_name")),
        details.resources(),
        details.change(),
        row.getLong("table_version"),
        row.getLong("files"),
        row.getLong("bytes"),
        row.getInt("status"),
        row.getString("error_code"),
        row.getString("address"),
        row.getString("request_id"),
        details.more());
  }

  /** The id below which all events are beyond a number of them; empty if there are not as many. */
  public Optional<String> oldestOf(Session session, long events) throws SQLException {
    return session.first(
        "SELECT id FROM audit_events ORDER BY id DESC LIMIT 1 OFFSET ?",
        row -> row.getString(1),
        events - 1);
  }

  /** The least id of a time. */
  public static String firstId(Instant time) {
    return AuditEvent.firstId(time);
  }

  /**
   * Deletes the oldest events. Of several servers one does that at a time.
   *
   * @param before the id of the oldest to stay
   * @param most how many at once
   * @return how many there were
   */
  public int delete(Session session, String before, int most) throws SQLException {
    session.lock(RETENTION);
    Optional<String> last =
        session
            .list(
                "SELECT id FROM audit_events WHERE id < ? ORDER BY id LIMIT ?",
                row -> row.getString(1),
                before,
                most)
            .stream()
            .reduce((first, second) -> second);
    if (last.isEmpty()) {
      return 0;
    }
    session.update("DELETE FROM audit_recipients WHERE event_id <= ?", last.get());
    return session.update("DELETE FROM audit_events WHERE id <= ?", last.get());
  }
}
