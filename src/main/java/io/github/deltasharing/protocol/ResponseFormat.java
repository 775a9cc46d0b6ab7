/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import io.github.deltasharing.annotation.PublicApi;
import java.util.Locale;

/** The format of a response's lines. */
@PublicApi
public enum ResponseFormat {
  PARQUET,
  DELTA;

  /** The name on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
