/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/** How many requests are taken of whom, in time. */
package io.github.deltasharing.server.ratelimit;
