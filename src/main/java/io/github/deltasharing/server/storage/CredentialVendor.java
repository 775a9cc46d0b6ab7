/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.server.auth.Principal;
import io.github.deltasharing.server.share.SharedTable;

/** Gives recipients temporary credentials to tables' directories. Safe for several threads. */
@FunctionalInterface
public interface CredentialVendor extends AutoCloseable {
  /**
   * A credential to the directory of a table, with its location and end.
   *
   * @throws io.github.deltasharing.source.StoreException when there is none now
   */
  TemporaryCredential issue(SharedTable table, Principal recipient);

  /** Ends connections, if it has any. */
  @Override
  default void close() {}
}
