/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.options.AdministratorConfs;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.internal.SQLConf;

/** Confs of the active session. Driver only; stateless. */
public final class SessionConf {
  private SessionConf() {}

  /**
   * The value of a conf; null where it is unset. What an administrator forbids is looked up in the
   * application's own confs first, which no session changes.
   */
  public static String get(String name) {
    if (AdministratorConfs.ALL.stream().anyMatch(conf -> conf.key().equals(name))) {
      String submitted = SparkEnv.get().conf().get(name, null);
      if (submitted != null) {
        return submitted;
      }
    }
    return SQLConf.get().getConfString(name, null);
  }
}
