/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/** What the server measures of itself, for Prometheus. */
package io.github.deltasharing.server.metrics;
