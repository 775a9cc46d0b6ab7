/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;

/**
 * A shared table, as listed.
 *
 * @param id empty where the server gives none
 */
@PublicApi
public record Table(String name, String schema, String share, String id) {
  /** Its full name. */
  public TableName fullName() {
    return new TableName(share, schema, name);
  }
}
