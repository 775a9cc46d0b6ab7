/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;

/**
 * The response to a request for metadata. Immutable.
 *
 * @param version the table's version, or -1 where the server gave none
 * @param format the format of the response
 */
@PublicApi
public record TableMetadata(
    long version, ResponseFormat format, Protocol protocol, Metadata metadata) {}
