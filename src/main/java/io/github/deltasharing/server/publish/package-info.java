/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Publishes files as tables: uploads, what is in them, the table that is made of one, and its place
 * in a share.
 */
package io.github.deltasharing.server.publish;
