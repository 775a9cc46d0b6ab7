/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.time.Instant;

/**
 * A file as the listing of its directory has it. Immutable.
 *
 * @param name without its directory
 * @param size in bytes
 * @param lastModified when it was written
 */
public record ListedFile(String name, long size, Instant lastModified) {}
