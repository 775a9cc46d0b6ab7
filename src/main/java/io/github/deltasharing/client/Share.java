/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;

/**
 * A share.
 *
 * @param id empty where the server gives none
 */
@PublicApi
public record Share(String name, String id) {}
