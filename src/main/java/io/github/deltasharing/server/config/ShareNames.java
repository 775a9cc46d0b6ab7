/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.share.SharedSchema;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks what is to be shared: names that the protocol allows, each once, and nothing that clients
 * would cut off. Used by one thread, once.
 */
final class ShareNames {
  private static final int MAX_NAME = 255;
  private static final int MAX_COMMENT = 65_536;
  private static final int MAX_PROPERTIES = 50;
  private static final int MAX_VALUE = 1_000;

  private final Set<String> seen = new HashSet<>();

  private ShareNames() {}

  static void check(List<SharedShare> shares) {
    ShareNames names = new ShareNames();
    for (SharedShare share : shares) {
      names.checkName("shares[].name", share.name(), "");
      checkDetails(share.name(), share.details());
      for (SharedSchema schema : share.schemas()) {
        names.checkName("schemas[].name", schema.name(), share.name() + "/");
        for (SharedTable table : schema.tables()) {
          names.checkName("tables[].name", table.name(), share.name() + "/" + schema.name() + "/");
          if (table.startVersion() < 0) {
            throw new ConfigException(
                "startVersion of " + table.fullName() + " is below 0: it must be 0 or more");
          }
        }
      }
    }
  }

  private void checkName(String key, String name, String above) {
    if (name.isBlank()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(c -> c == '/' || c < ' ' || c == 0x7f)) {
      throw new ConfigException(
          key
              + " is '"
              + name
              + "': it must have 1 to 255 characters and neither slash nor control characters");
    }
    if (!seen.add((above + name).toLowerCase(Locale.ROOT))) {
      throw new ConfigException(
          key + " '" + above + name + "' is there twice (case does not count): rename one");
    }
  }

  private static void checkDetails(String share, ShareDetails details) {
    checkLength(share, "id", details.id(), MAX_NAME);
    checkLength(share, "displayName", details.displayName(), MAX_NAME);
    checkLength(share, "comment", details.comment(), MAX_COMMENT);
    if (details.properties().size() > MAX_PROPERTIES) {
      throw new ConfigException(
          "properties of share '%s' has %d entries: it must have %d or less"
              .formatted(share, details.properties().size(), MAX_PROPERTIES));
    }
    details
        .properties()
        .forEach(
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
