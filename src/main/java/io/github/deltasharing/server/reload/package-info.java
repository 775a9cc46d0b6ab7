/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/** The configuration is read again while the server runs. */
package io.github.deltasharing.server.reload;
