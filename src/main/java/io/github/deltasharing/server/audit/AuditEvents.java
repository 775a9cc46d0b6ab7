/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.audit;

import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.store.AuditEvent;
import io.github.deltasharing.server.store.AuditEvent.Action;
import io.github.deltasharing.server.store.AuditEvent.Actor;
import io.github.deltasharing.server.store.AuditEvent.ActorType;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes events of access records. Safe for use by several threads if the names are. */
final class AuditEvents {
  /** How a principal of the admin API is called in access records. */
  private static final String ADMIN = "admin-";

  private static final Pattern RECIPIENT = Pattern.compile("([0-9a-f-]{36})\\.\\d{1,18}");
  private static final String ANONYMOUS = "anonymous";

  /** POST for the sake of their bodies. */
  private static final Set<String> READS =
      Set.of("query", "poll", "credentials", "icebergSign", "icebergMetrics");

  /** Of nobody's data: what machines look at all the time, and the files of pages. */
  private static final Set<String> UNHEARD = Set.of("health", "metrics", "page", "apiDocs");

  /** But those who try tokens there are of interest. */
  private static final Set<Integer> REFUSED = Set.of(401, 403, 429);

  private static final int LONGEST = 255;
  private static final int LONGEST_CHANGE = 2_000;

  private final Function<String, String> names;
  private final SecureRandom random = new SecureRandom();

  /**
   * Makes events.
   *
   * @param names the name of a recipient by its principal's id; empty if it is not known
   */
  AuditEvents(Function<String, String> names) {
    this.names = names;
  }

  /** The event of a request, if its kind is audited. */
  Optional<AuditEvent> of(AccessRecord access) {
    if (UNHEARD.contains(access.endpoint()) && !REFUSED.contains(access.status())) {
      return Optional.empty();
    }
    Map<String, String> more = new TreeMap<>();
    put(more, "user_agent", access.sender().userAgent());
    put(more, "format", access.format());
    put(more, "skipped_files", access.skippedFiles() < 0 ? "" : "" + access.skippedFiles());
    put(more, "file", access.file());
    put(more, "range", access.range());
    put(more, "granted", access.granted());
    put(more, "cut", access.cut());
    return Optional.of(
        new AuditEvent(
            id(access.time()),
            access.time(),
            access.durationMillis(),
            AuditText.clean(access.method(), 64),
            AuditText.clean(access.endpoint(), 64),
            action(access),
            actor(access),
            access.targets().stream()
                .map(
                    target ->
                        new AuditEvent.Resource(
                            target.type(),
                            AuditText.clean(target.name(), LONGEST),
                            AuditText.clean(target.change(), LONGEST)))
                .toList(),
            AuditText.clean(access.change(), LONGEST_CHANGE),
            access.version(),
            access.files(),
            access.bytes(),
            access.status(),
            access.errorCode(),
            AuditText.clean(
                access.sender().address().isEmpty() ? access.client() : access.sender().address(),
                64),
            access.requestId(),
            more));
  }

  /** An event of the server itself: some events are missing somewhere. */
  AuditEvent gap(Instant now, String place, long lost) {
    return new AuditEvent(
        id(now),
        now,
        0,
        "",
        "auditGap",
        Action.OTHER,
        new Actor(ActorType.SERVER, "", "delta-sharing-server"),
        List.of(),
        lost + " events before this one are not in the " + place,
        -1,
        -1,
        -1,
        0,
        "",
        "",
        "",
        Map.of("missing_in", place, "missing", Long.toString(lost)));
  }

  private String id(Instant time) {
    return AuditEvent.newId(time, random.nextLong(), random.nextLong());
  }

  private static void put(Map<String, String> more, String name, String value) {
    if (!value.isEmpty()) {
      more.put(name, AuditText.clean(value, 8 * LONGEST));
    }
  }

  private Actor actor(AccessRecord access) {
    String principal = access.sender().principal();
    String name = AuditText.clean(access.sender().name(), LONGEST);
    Matcher recipient = RECIPIENT.matcher(principal);
    if (recipient.matches()) {
      return new Actor(
          ActorType.RECIPIENT,
          recipient.group(1),
          name.isEmpty() ? AuditText.clean(names.apply(principal), LONGEST) : name);
    }
    if (principal.startsWith(ADMIN)) {
      return new Actor(ActorType.PRINCIPAL, principal.substring(ADMIN.length()), name);
    }
    if (principal.equals(ANONYMOUS)) {
      return new Actor(ActorType.ANONYMOUS, "", "");
    }
    return principal.isEmpty()
        ? new Actor(ActorType.UNKNOWN, "", "")
        : new Actor(ActorType.TOKEN, AuditText.clean(principal, 64), "");
  }

  private static Action action(AccessRecord access) {
    String operation = access.endpoint();
    if (operation.startsWith("adminRotate") || operation.startsWith("adminReload")) {
      return Action.UPDATE;
    }
    return switch (access.method()) {
      case "GET", "HEAD" -> operation.equals("activation") ? Action.CREATE : Action.READ;
      case "POST" -> READS.contains(operation) ? Action.READ : Action.CREATE;
      case "PATCH", "PUT" -> Action.UPDATE;
      case "DELETE" -> Action.DELETE;
      default -> Action.OTHER;
    };
  }
}
