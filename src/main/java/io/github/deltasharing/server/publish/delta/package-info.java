/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Writes Delta tables: data files and their statistics by Delta Kernel, which this package alone of
 * the server imports, and the log. Kernel 3.3 writes no log that publications could use: its
 * statistics are the number of rows alone, and it can neither name a feature that readers need,
 * such as column mapping or times without a zone, nor remove files.
 */
package io.github.deltasharing.server.publish.delta;
