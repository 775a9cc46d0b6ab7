/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import java.time.Instant;

/**
 * What was used, summed up. What the sum is not parted by is empty. Immutable.
 *
 * @param day the day, since 1970; -1 for all of them
 * @param recipient who used it; empty too for the clients with the token of the configuration
 * @param share the share
 * @param schema the schema
 * @param table the table; empty too for requests of no table
 * @param requests how many
 * @param errors how many of them failed
 * @param files the files that responses listed
 * @param bytes the bytes of responses and of files that this server sent
 * @param lastUsedAt the time of the last one
 */
public record Usage(
    long day,
    String recipient,
    String share,
    String schema,
    String table,
    long requests,
    long errors,
    long files,
    long bytes,
    Instant lastUsedAt) {}
