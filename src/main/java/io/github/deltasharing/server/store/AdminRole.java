/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

/** What a principal of the provider's side may do; each may do what those before it may. */
public enum AdminRole {
  /** Look at everything but principals. */
  VIEWER,
  /** Change shares, recipients and grants. */
  EDITOR,
  /** Say who is a principal. */
  ADMIN
}
