/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.cache.Expiring;
import io.github.deltasharing.protocol.StoreCredential;
import java.time.Instant;

/**
 * A temporary credential to a directory of a table. A secret, which its text does not show; driver
 * only; immutable.
 *
 * @param location the directory; null where neither the request nor the server said it
 * @param credential what it is read with
 * @param obtained when it was requested, by this machine's clock
 * @param expires when it expires, by the same clock
 */
public record TableCredential(
    String location, StoreCredential credential, Instant obtained, Instant expires)
    implements Expiring {}
