/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;

/** Values of the {@code responseFormat} option. */
@PublicApi
public enum ResponseFormatOption {
  /** Offer both formats and follow the server's choice. */
  AUTO,
  /** Request the parquet format only. */
  PARQUET,
  /** Request the delta format only. */
  DELTA
}
