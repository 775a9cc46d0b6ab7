/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/** The settings of a {@code share.yaml} that have defaults, by their records. Not thread-safe. */
final class ConfigSettings {
  private static final String RATE_LIMIT = "rateLimit";

  final SettingValues<ServerSettings> server = new SettingValues<>(ServerSettings.class);
  final SettingValues<ProviderSettings> provider = new SettingValues<>(ProviderSettings.class);
  final SettingValues<OperationSettings> operation = new SettingValues<>(OperationSettings.class);
  final SettingValues<RateLimitSettings> rateLimit =
      new SettingValues<>(RateLimitSettings.class, RATE_LIMIT + ".");

  /** The keys of those that are in no section. */
  List<String> keys() {
    return Stream.of(server, provider, operation)
        .flatMap(settings -> settings.keys().stream())
        .toList();
  }

  /** Takes the settings that a file has. */
  void setAll(JsonNode tree) {
    server.setAll(tree);
    provider.setAll(tree);
    operation.setAll(tree);
    rateLimit.setAll(tree.path(RATE_LIMIT));
  }
}
