/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.auth.Principal;
import java.time.Instant;

/**
 * What the URLs of one response are to be like. Immutable.
 *
 * @param origin scheme and authority that the client's request named, such as {@code
 *     http://host:port}
 * @param principal who is given the URLs
 * @param expiry until when they serve
 */
public record UrlTerms(String origin, Principal principal, Instant expiry) {}
