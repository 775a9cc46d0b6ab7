/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

/**
 * A data file that was written. Immutable.
 *
 * @param name in its directory
 * @param size in bytes
 * @param modified when, in milliseconds since 1970
 * @param rows how many rows it has
 * @param statistics JSON as in a Delta log
 */
public record DataFile(String name, long size, long modified, long rows, String statistics) {}
