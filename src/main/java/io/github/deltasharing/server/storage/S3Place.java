/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

/**
 * Where recipients reach a bucket. Immutable.
 *
 * @param endpoint the store's URL
 * @param region that requests are signed for
 * @param pathStyle whether the bucket is in the URL's path
 */
public record S3Place(String endpoint, String region, boolean pathStyle) {}
