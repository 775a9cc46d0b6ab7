/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.Recipient;
import io.github.deltasharing.client.TableName;

/**
 * Which table is read, and by whom: what distinguishes reads, besides the version, the options and
 * what is pushed down. Where the profile lies is no part of it. Immutable; driver only.
 *
 * @param recipient the server and the credential
 * @param tableId another table under the same name has another one
 */
record ReadIdentity(Recipient recipient, TableName table, String tableId) {
  /** Names the table to the caches of executors. */
  String cachedAs() {
    return recipient.digest() + "\n" + table;
  }
}
