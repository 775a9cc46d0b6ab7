/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import io.github.deltasharing.server.config.ProviderConfig;
import io.github.deltasharing.server.config.ShareConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** What differs between two configurations, by the keys of {@code share.yaml}. Stateless. */
final class ConfigChanges {
  private ConfigChanges() {}

  /** Keys that are taken while the server runs. */
  static List<String> live(ShareConfig before, ShareConfig after) {
    List<String> keys = new ArrayList<>();
    add(keys, "shares", before, after, ShareConfig::shares);
    add(keys, "authorization.bearerToken", before, after, ShareConfig::bearerToken);
    add(keys, "trustedProxies", before, after, ShareConfig::trustedProxies);
    add(keys, "allowedLocations", before, after, provider(ProviderConfig::allowedLocations));
    add(keys, "oidcIssuers", before, after, provider(ProviderConfig::oidcIssuers));
    settings(keys, "rateLimit.", before.rateLimit(), after.rateLimit());
    return keys;
  }

  /** Keys that the server looks at when it starts, and not again. */
  static List<String> atStart(ShareConfig before, ShareConfig after) {
    List<String> keys = new ArrayList<>();
    add(keys, "host", before, after, ShareConfig::host);
    add(keys, "port", before, after, ShareConfig::port);
    add(keys, "endpoint", before, after, ShareConfig::endpoint);
    add(keys, "signingKey", before, after, ShareConfig::signingKey);
    add(keys, "ssl", before, after, ShareConfig::tls);
    add(keys, "metrics", before, after, ShareConfig::metrics);
    add(keys, "data", before, after, provider(ProviderConfig::data));
    add(keys, "database", before, after, provider(ProviderConfig::database));
    add(keys, "externalUrl", before, after, provider(ProviderConfig::externalUrl));
    add(keys, "publicationRoot", before, after, provider(ProviderConfig::publicationRoot));
    add(keys, "catalogs", before, after, ShareConfig::catalogs);
    settings(keys, "", before.settings(), after.settings());
    settings(keys, "", before.providerSettings(), after.providerSettings());
    settings(keys, "", before.operation(), after.operation());
    return keys;
  }

  private static Function<ShareConfig, Object> provider(Function<ProviderConfig, Object> value) {
    return config -> config.provider().map(value);
  }

  private static void add(
      List<String> keys,
      String key,
      ShareConfig before,
      ShareConfig after,
      Function<ShareConfig, Object> value) {
    if (!Objects.equals(value.apply(before), value.apply(after))) {
      keys.add(key);
    }
  }

  private static void settings(List<String> keys, String prefix, Record before, Record after) {
    for (RecordComponent component : before.getClass().getRecordComponents()) {
      try {
        Object old = component.getAccessor().invoke(before);
        if (!old.equals(component.getAccessor().invoke(after))) {
          keys.add(prefix + component.getName());
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(before.getClass() + " is no record of settings", e);
      }
    }
  }
}
