/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.PublicApi;

/** Values of the {@code accessMode} option. */
@PublicApi
public enum AccessMode {
  /** Read by signed URLs, unless the server offers the table's directory only. */
  AUTO,
  /** Read by signed URLs only. */
  URL,
  /** Read the table's directory, with temporary credentials. */
  DIR
}
