/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.protocol.ResponseFormat;

/**
 * Which commits' files are to be listed. Immutable.
 *
 * @param feed changed rows, or the files that came and went
 * @param start the first commit, inclusive
 * @param end the last commit, inclusive; may be the latest
 * @param format the format whose file ids are needed, or null for any
 */
public record CommitsRequest(
    ChangesRequest.Feed feed, AsOf start, AsOf end, ResponseFormat format) {}
