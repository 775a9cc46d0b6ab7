/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Iceberg tables, read with Iceberg's own library: metadata and manifests, and delete files by
 * Parquet's. The only package that imports it. What is made of them is Delta's, as the protocol has
 * it.
 */
package io.github.deltasharing.server.iceberg;
