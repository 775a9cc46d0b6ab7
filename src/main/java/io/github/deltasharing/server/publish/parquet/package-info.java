/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Reads Parquet files that were uploaded: what columns they have by their footers, whether they are
 * whole, and their rows. Writes nothing. A file is not trusted: sizes that it gives are checked
 * before memory is taken for them.
 */
package io.github.deltasharing.server.publish.parquet;
