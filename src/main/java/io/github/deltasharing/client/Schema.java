/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;

/** A schema of a share. */
@PublicApi
public record Schema(String name, String share) {}
