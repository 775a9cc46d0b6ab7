/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.AuditFilter;
import io.github.deltasharing.server.store.AuditStore;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Usage;
import io.github.deltasharing.server.store.UsageStore;
import io.github.deltasharing.server.store.UsageStore.Group;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** What was done with what is shared, and how much. Safe for use by several threads. */
final class AuditEndpoints {
  private static final Set<String> NAMES =
      Set.of("recipient", "principal", "share", "schema", "table");
  private static final Set<String> OF_EVENTS =
      Set.of(
          "from",
          "to",
          "recipient",
          "principal",
          "share",
          "schema",
          "table",
          "operation",
          "action",
          "status",
          "request_id",
          "maxResults",
          "max_results",
          "pageToken",
          "page_token");
  private static final Set<String> OF_USAGE =
      Set.of(
          "from",
          "to",
          "group_by",
          "recipient",
          "share",
          "schema",
          "table",
          "maxResults",
          "max_results");
  private static final int DAYS = 30;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Database database;
  private final AuditStore events = new AuditStore();
  private final UsageStore usage = new UsageStore();

  AuditEndpoints(Database database) {
    this.database = database;
  }

  AdminAnswer events(AdminCall call) {
    only(call, OF_EVENTS);
    AuditFilter filter =
        new AuditFilter(
            time(call, "from"),
            time(call, "to"),
            names(call),
            parameter(call, "operation"),
            parameter(call, "action").map(text -> one(AuditEvent.Action.class, "action", text)),
            status(call),
            failed(call),
            parameter(call, "request_id"));
    return AdminAnswer.page(
        database.read(session -> events.page(session, filter, call.page())), AuditJson::event);
  }

  AdminAnswer usage(AdminCall call) {
    only(call, OF_USAGE);
    Set<Group> groups = groups(call);
    LocalDate to =
        time(call, "to")
            .map(time -> LocalDate.ofInstant(time.minusMillis(1), ZoneOffset.UTC))
            .orElseGet(() -> LocalDate.ofInstant(call.now(), ZoneOffset.UTC));
    LocalDate from =
        time(call, "from")
            .map(time -> LocalDate.ofInstant(time, ZoneOffset.UTC))
            .orElseGet(() -> to.minusDays(DAYS - 1));
    int most = call.page().size();
    List<Usage> sums =
        database.read(session -> usage.sums(session, groups, from, to, names(call), most + 1));
    AdminAnswer answer =
        AdminAnswer.items(
            sums.subList(0, Math.min(most, sums.size())), sum -> AuditJson.usage(sum, groups));
    ObjectNode json = answer.json().orElseThrow();
    json.put("from", from.toString()).put("to", to.plusDays(1).toString());
    json.put("truncated", sums.size() > most);
    return answer;
  }

  private static void only(AdminCall call, Set<String> known) {
    for (String name : new TreeSet<>(call.parameters().keySet())) {
      if (!known.contains(name)) {
        throw ServerError.invalid(
            "There is no parameter '"
                + name.substring(0, Math.min(name.length(), 100))
                + "'. These are known: "
                + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  private static Optional<String> parameter(AdminCall call, String name) {
    return Optional.ofNullable(call.parameters().get(name)).filter(text -> !text.isEmpty());
  }

  private static Map<String, String> names(AdminCall call) {
    Map<String, String> names = new HashMap<>();
    for (String name : NAMES) {
      parameter(call, name)
          .ifPresent(
              value -> {
                if (value.indexOf('\0') >= 0) {
                  throw ServerError.invalid(name + " has a character that no name has");
                }
                names.put(name, value);
              });
    }
    return names;
  }

  private static Optional<Instant> time(AdminCall call, String name) {
    return parameter(call, name)
        .map(
            text -> {
              try {
                Instant time =
                    text.length() == 10
                        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : Instant.parse(text);
                if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                  throw new DateTimeException("out of range");
                }
                return time;
              } catch (DateTimeException e) {
                throw ServerError.invalid(
                    name
                        + " must be a day or a time (UTC, 1970 to 9999), such as 2024-02-29 or"
                        + " 2024-02-29T12:00:00Z");
              }
            });
  }

  private static OptionalInt status(AdminCall call) {
    String text = parameter(call, "status").orElse("");
    if (text.matches("[1-5]\\d\\d")) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    if (!text.isEmpty() && !text.equals("success") && !text.equals("failure")) {
      throw ServerError.invalid("status must be an HTTP status, success or failure");
    }
    return OptionalInt.empty();
  }

  private static Optional<Boolean> failed(AdminCall call) {
    return parameter(call, "status")
        .filter(text -> !text.matches("\\d+"))
        .map(text -> text.equals("failure"));
  }

  private static Set<Group> groups(AdminCall call) {
    Set<Group> groups = EnumSet.noneOf(Group.class);
    for (String text : parameter(call, "group_by").orElse("recipient").split(",", -1)) {
      groups.add(one(Group.class, "group_by", text));
    }
    return groups;
  }

  private static <T extends Enum<T>> T one(Class<T> type, String name, String text) {
    for (T constant : type.getEnumConstants()) {
      if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw ServerError.invalid(
        name
            + " must be "
            + String.join(", ", Arrays.stream(type.getEnumConstants()).map(Enum::name).toList())
                .toLowerCase(Locale.ROOT)
            + (type == Group.class ? ", or several of them with commas between" : ""));
  }
}
