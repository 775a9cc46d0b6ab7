package io.github.deltasharing.client;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;

/**
 * The answer to a metadata request.
 *
 * @param version the table's version, or -1 where the server gave none
 * @param format the dialect that the server answered in
 */
@PublicApi
public record TableMetadata(
    long version, ResponseFormat format, Protocol protocol, Metadata metadata) {}
