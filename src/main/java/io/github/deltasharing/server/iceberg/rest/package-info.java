/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The Iceberg REST catalog protocol over shares, read only: routes, lists, metadata, signed
 * requests and credentials. Knows Iceberg's JSON, not its library.
 */
package io.github.deltasharing.server.iceberg.rest;
