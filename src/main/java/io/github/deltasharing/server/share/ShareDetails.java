package io.github.deltasharing.server.share;

import io.github.deltasharing.server.config.ConfigException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What recipients are told of a share beside its name. Immutable.
 *
 * @param id the share's id, which stays when its name changes
 * @param displayName the name that people are to see
 * @param comment what is in the share
 * @param properties what else the provider wants to say
 */
public record ShareDetails(
    Optional<String> id,
    Optional<String> displayName,
    Optional<String> comment,
    Map<String, String> properties) {
  /** Nothing but the name. */
  public static final ShareDetails NONE =
      new ShareDetails(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  private static final int MAX_NAME = 255;
  private static final int MAX_COMMENT = 65_536;
  private static final int MAX_PROPERTIES = 50;
  private static final int MAX_VALUE = 1_000;

  /** Copies the properties. */
  public ShareDetails {
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
  }

  /** Refuses what clients may cut off. */
  void check(String share) {
    checkLength(share, "id", id, MAX_NAME);
    checkLength(share, "displayName", displayName, MAX_NAME);
    checkLength(share, "comment", comment, MAX_COMMENT);
    if (properties.size() > MAX_PROPERTIES) {
      throw new ConfigException(
          "properties of share '%s' has %d entries: it must have %d or less"
              .formatted(share, properties.size(), MAX_PROPERTIES));
    }
    properties.forEach(
        (key, value) -> {
          checkLength(share, "properties: a key", Optional.of(key), MAX_NAME);
          checkLength(share, "properties: the value of " + key, Optional.of(value), MAX_VALUE);
        });
  }

  private static void checkLength(String share, String key, Optional<String> text, int longest) {
    if (text.isPresent() && (text.get().isEmpty() || text.get().length() > longest)) {
      throw new ConfigException(
          "%s of share '%s' has %d characters: it must have 1 to %d"
              .formatted(key, share, text.get().length(), longest));
    }
  }
}
