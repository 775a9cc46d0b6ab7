/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;
import java.util.List;

/**
 * What an administrator forbids: Spark confs that are no options. Where the application was
 * submitted with one, a session cannot set it to another value.
 */
@PublicApi
public final class AdministratorConfs {
  public static final ConfigOption<Boolean> FORBID_INLINE_CREDENTIALS =
      ConfigOption.flag(
          "spark.delta.sharing.forbidInlineCredentials",
          false,
          "Refuse credentials in options, session confs and catalog settings: profiles come from files, variables and"
              + " classes.");

  public static final ConfigOption<Boolean> FORBID_PLAIN_HTTP =
      ConfigOption.flag(
          "spark.delta.sharing.forbidPlainHttp",
          false,
          "Send no credential to another machine without TLS, whatever the option `allowPlainHttp` says.");

  /** All of them, in the order of the documentation. */
  public static final List<ConfigOption<Boolean>> ALL =
      List.of(FORBID_INLINE_CREDENTIALS, FORBID_PLAIN_HTTP);

  private AdministratorConfs() {}
}
