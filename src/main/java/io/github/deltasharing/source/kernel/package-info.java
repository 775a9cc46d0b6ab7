/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What Delta Kernel decodes of any table: schemas as it takes them, and rows of Parquet files, to
 * be shown. Knows no log.
 */
package io.github.deltasharing.source.kernel;
