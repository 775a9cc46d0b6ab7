/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;
import java.util.List;

/**
 * The options of a catalog that are none of a read: {@code spark.sql.catalog.<name>.<option>}. All
 * other options of a catalog are those of {@link SharingOptions}, for each read of its tables.
 */
@PublicApi
public final class CatalogOptions {
  /** Prefix of a catalog's session confs; its name follows. */
  public static final String CONF_PREFIX = "spark.sql.catalog.";

  public static final ConfigOption<String> PROFILE =
      ConfigOption.text(
          "profile",
          "The profile file that the catalog signs in with: any Hadoop path, or `env:NAME` for a profile's"
              + " JSON in an environment variable. Required, unless the options of a credential stand in its place.");

  public static final ConfigOption<String> SHARE =
      ConfigOption.text(
          "share",
          "Mount this one share: its tables are `<name>.<schema>.<table>` then. Without it all shares of the profile"
              + " are there, as `<name>.<share>.<schema>.<table>`.");

  /** All of them, in the order of the documentation. */
  public static final List<ConfigOption<String>> ALL = List.of(PROFILE, SHARE);

  private CatalogOptions() {}
}
