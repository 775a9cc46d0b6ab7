/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * One event for each request: made from its access record, written as a line of a file and kept in
 * the store.
 */
package io.github.deltasharing.server.audit;
