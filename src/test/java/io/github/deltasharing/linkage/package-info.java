/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/** Checks classes' references against the jars that they would run with. */
package io.github.deltasharing.linkage;
