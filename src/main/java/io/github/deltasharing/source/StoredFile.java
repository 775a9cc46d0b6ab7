/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.time.Instant;

/**
 * A file in a store, as it is without being read: equal while the file is the same. Immutable.
 *
 * @param size in bytes
 * @param lastModified when it was written
 * @param state what else distinguishes this state of the file from others, as far as the store
 *     knows it
 */
public record StoredFile(long size, Instant lastModified, String state) {}
