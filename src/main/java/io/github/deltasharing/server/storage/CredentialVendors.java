/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;

/** Finds who gives credentials to a table; vendors of further clouds plug in here. */
@FunctionalInterface
public interface CredentialVendors {
  /** The vendor of a table that is offered by its directory. */
  CredentialVendor of(SharedTable table);
}
