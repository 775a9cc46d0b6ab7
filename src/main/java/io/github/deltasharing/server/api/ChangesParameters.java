package io.github.deltasharing.server.api;

import io.github.deltasharing.server.error.ServerError;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.util.Fields;

/**
 * A request for the changes of a table: for its change data feed, or for the files that commits
 * added and removed, which a stream of the table reads. Immutable.
 *
 * @param feed whether it is for the change data feed
 * @param startingVersion the first version; exactly one of this and the next is there
 * @param startingTimestamp the first version is the earliest at or after this time
 * @param endingVersion the last version; at most one of this and the next is there
 * @param endingTimestamp the last version is the latest at or before this time
 * @param includeHistoricalMetadata whether later changes of the metadata are told
 * @param includeHistoricalProtocol whether later changes of the protocol are told
 * @param maxFiles how many files the client wants on a page
 * @param pageToken where the last page ended
 */
public record ChangesParameters(
    boolean feed,
    OptionalLong startingVersion,
    Optional<String> startingTimestamp,
    OptionalLong endingVersion,
    Optional<String> endingTimestamp,
    boolean includeHistoricalMetadata,
    boolean includeHistoricalProtocol,
    OptionalLong maxFiles,
    Optional<String> pageToken) {

  /** The parameters of a request for the change data feed. */
  static ChangesParameters feed(Fields query) {
    ChangesParameters request =
        new ChangesParameters(
            true,
            number(query, "startingVersion", 0),
            Optional.ofNullable(query.getValue("startingTimestamp")),
            number(query, "endingVersion", 0),
            Optional.ofNullable(query.getValue("endingTimestamp")),
            flag(query, "includeHistoricalMetadata"),
            flag(query, "includeHistoricalProtocol"),
            pageSize(query),
            Optional.ofNullable(query.getValue("pageToken")));
    request.check();
    return request;
  }

  /**
   * A query with a {@code startingVersion}. Its hints are not used: a file that is left out of a
   * commit would make the rest of the commit look like something else.
   */
  static ChangesParameters stream(QueryBody query) {
    ChangesParameters request =
        new ChangesParameters(
            false,
            query.startingVersion(),
            Optional.empty(),
            query.endingVersion(),
            Optional.empty(),
            true,
            query.includeHistoricalProtocol(),
            query.maxFiles(),
            query.pageToken());
    request.check();
    return request;
  }

  private void check() {
    if (startingVersion.isPresent() && startingTimestamp.isPresent()) {
      throw exclusive("starting");
    }
    if (endingVersion.isPresent() && endingTimestamp.isPresent()) {
      throw exclusive("ending");
    }
    if (startingVersion.isEmpty() && startingTimestamp.isEmpty()) {
      throw ServerError.invalid(
          "A request for changes needs a start: give startingVersion or startingTimestamp");
    }
    if (startingVersion.isPresent()
        && endingVersion.isPresent()
        && endingVersion.getAsLong() < startingVersion.getAsLong()) {
      throw ServerError.invalid(
          "startingVersion %d is after endingVersion %d: changes are read forwards"
              .formatted(startingVersion.getAsLong(), endingVersion.getAsLong()));
    }
  }

  /** What must be the same for all pages of one request. */
  String fingerprint() {
    return String.join(
        "\n",
        String.valueOf(feed),
        startingVersion.toString(),
        startingTimestamp.toString(),
        endingVersion.toString(),
        endingTimestamp.toString(),
        String.valueOf(includeHistoricalMetadata),
        String.valueOf(includeHistoricalProtocol));
  }

  private static ServerError exclusive(String end) {
    return ServerError.invalid(
        end + "Version and " + end + "Timestamp exclude each other: give one of them");
  }

  private static OptionalLong number(Fields query, String name, long min) {
    String text = query.getValue(name);
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) < min) {
      throw ServerError.invalid(name + " must be a whole number, " + min + " or more");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static OptionalLong pageSize(Fields query) {
    OptionalLong size = number(query, "maxFiles", 1);
    if (size.isPresent() && size.getAsLong() > Integer.MAX_VALUE) {
      throw ServerError.invalid("maxFiles must be a whole number, 1 to " + Integer.MAX_VALUE);
    }
    return size;
  }

  private static boolean flag(Fields query, String name) {
    String text = query.getValue(name);
    if (text == null) {
      return false;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw ServerError.invalid(name + " must be true or false");
    };
  }
}
