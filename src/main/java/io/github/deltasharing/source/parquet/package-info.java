/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/** What Parquet files of others need beside Parquet's own reader, whoever reads them. */
package io.github.deltasharing.source.parquet;
