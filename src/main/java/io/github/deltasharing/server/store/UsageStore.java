/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sums of what recipients use, kept up with each event, so that reading them takes no event.
 * Stateless: each call works on the session that it is given.
 */
public final class UsageStore {
  /** What sums are parted by. */
  public enum Group {
    DAY,
    RECIPIENT,
    TABLE
  }

  private record Key(long day, String recipient, String share, String schema, String table)
      implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return text().compareTo(other.text());
    }

    private String text() {
      return String.join("\0", String.valueOf(day), recipient, share, schema, table);
    }
  }

  /**
   * Adds events to the sums. Fails as something that is there already if another server makes the
   * same sum at the same time: to be tried again.
   */
  public void add(Session session, List<AuditEvent> events) throws SQLException {
    // In one order, so that servers do not wait for each other crosswise.
    Map<Key, Usage> sums = new TreeMap<>();
    for (AuditEvent event : events) {
      if (event.isUse()) {
        Usage one = usage(event);
        sums.merge(key(one), one, UsageStore::plus);
      }
    }
    for (Map.Entry<Key, Usage> sum : sums.entrySet()) {
      add(session, sum.getKey(), sum.getValue());
    }
  }

  /**
   * Whether the names of the event are those of something that is there: what clients make up has
   * no sums of its own.
   */
  private static boolean isKnown(AuditEvent event) {
    return event.status() < 400
        || ((event.status() == 400 || event.status() == 500)
            && event.resource("table").isPresent());
  }

  private static Usage usage(AuditEvent event) {
    boolean known = isKnown(event);
    boolean recipient = event.actor().type() == AuditEvent.ActorType.RECIPIENT;
    return new Usage(
        LocalDate.ofInstant(event.time(), ZoneOffset.UTC).toEpochDay(),
        recipient ? event.actor().name() : "",
        event.resource("share").filter(name -> known).orElse(""),
        event.resource("schema").filter(name -> known).orElse(""),
        event.resource("table").filter(name -> known).orElse(""),
        1,
        event.succeeded() ? 0 : 1,
        Math.max(0, event.files()),
        event.bytes(),
        event.time());
  }

  private static Key key(Usage usage) {
    return new Key(
        usage.day(),
        AuditKey.of(usage.recipient()),
        AuditKey.of(usage.share()),
        AuditKey.of(usage.schema()),
        AuditKey.of(usage.table()));
  }

  private static Usage plus(Usage one, Usage other) {
    return new Usage(
        one.day(),
        other.recipient(),
        other.share(),
        other.schema(),
        other.table(),
        one.requests() + other.requests(),
        one.errors() + other.errors(),
        one.files() + other.files(),
        one.bytes() + other.bytes(),
        one.lastUsedAt().isAfter(other.lastUsedAt()) ? one.lastUsedAt() : other.lastUsedAt());
  }

  private static void add(Session session, Key key, Usage sum) throws SQLException {
    long last = sum.lastUsedAt().toEpochMilli();
    int updated =
        session.update(
            "UPDATE audit_usage SET requests = requests + ?, errors = errors + ?,"
                + " files = files + ?, bytes = bytes + ?,"
                + " last_used_at = CASE WHEN last_used_at < ? THEN ? ELSE last_used_at END"
                + " WHERE day_number = ? AND recipient_key = ? AND share_key = ?"
                + " AND schema_key = ? AND table_key = ?",
            sum.requests(),
            sum.errors(),
            sum.files(),
            sum.bytes(),
            last,
            last,
            key.day(),
            key.recipient(),
            key.share(),
            key.schema(),
            key.table());
    if (updated == 0) {
      session.update(
          "INSERT INTO audit_usage (day_number, recipient_key, share_key, schema_key, table_key,"
              + " recipient_name, share_name, schema_name, table_name, requests, errors, files,"
              + " bytes, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          key.day(),
          key.recipient(),
          key.share(),
          key.schema(),
          key.table(),
          sum.recipient(),
          sum.share(),
          sum.schema(),
          sum.table(),
          sum.requests(),
          sum.errors(),
          sum.files(),
          sum.bytes(),
          last);
    }
  }

  /**
   * The sums of some days.
   *
   * @param groups what they are parted by
   * @param from the first day
   * @param to the last day
   * @param names {@code recipient}, {@code share}, {@code schema}, {@code table}: only those
   * @param most how many sums at most; days first, then those with the most bytes
   */
  public List<Usage> sums(
      Session session,
      Set<Group> groups,
      LocalDate from,
      LocalDate to,
      Map<String, String> names,
      int most)
      throws SQLException {
    boolean byDay = groups.contains(Group.DAY);
    boolean byRecipient = groups.contains(Group.RECIPIENT);
    boolean byTable = groups.contains(Group.TABLE);
    List<Object> values = new ArrayList<>(List.of(from.toEpochDay(), to.toEpochDay()));
    StringBuilder where = new StringBuilder("day_number >= ? AND day_number <= ?");
    for (String name : List.of("recipient", "share", "schema", "table")) {
      if (names.containsKey(name)) {
        where.append(" AND ").append(name).append("_key = ?");
        values.add(AuditKey.of(names.get(name)));
      }
    }
    if (byTable) {
      where.append(" AND table_key <> ''");
    }
    Set<String> keys = new LinkedHashSet<>();
    if (byDay) {
      keys.add("day_number");
    }
    if (byRecipient) {
      keys.add("recipient_key");
    }
    if (byTable) {
      keys.addAll(List.of("share_key", "schema_key", "table_key"));
    }
    values.add(most);
    return session.list(
        "SELECT "
            + (byDay ? "day_number" : "-1")
            + " AS the_day, "
            + (byRecipient ? "MAX(recipient_name)" : "''")
            + " AS the_recipient, "
            + (byTable ? "MAX(share_name)" : "''")
            + " AS the_share, "
            + (byTable ? "MAX(schema_name)" : "''")
            + " AS the_schema, "
            + (byTable ? "MAX(table_name)" : "''")
            + " AS the_table,"
            + " SUM(requests) AS all_requests, SUM(errors) AS all_errors, SUM(files) AS all_files,"
            + " SUM(bytes) AS all_bytes, MAX(last_used_at) AS last_use FROM audit_usage WHERE "
            + where
            + " GROUP BY "
            + String.join(", ", keys)
            + " ORDER BY "
            + (byDay ? "day_number, " : "")
            + "all_bytes DESC, all_requests DESC, "
            + String.join(", ", keys)
            + " LIMIT ?",
        row ->
            new Usage(
                row.getLong("the_day"),
                row.getString("the_recipient"),
                row.getString("the_share"),
                row.getString("the_schema"),
                row.getString("the_table"),
                row.getLong("all_requests"),
                row.getLong("all_errors"),
                row.getLong("all_files"),
                row.getLong("all_bytes"),
                Instant.ofEpochMilli(row.getLong("last_use"))),
        values.toArray());
  }

  /** Forgets the sums of days before one. */
  public int delete(Session session, LocalDate before) throws SQLException {
    return session.update("DELETE FROM audit_usage WHERE day_number < ?", before.toEpochDay());
  }
}
