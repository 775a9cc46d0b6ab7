/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import io.github.deltasharing.protocol.ChangeFile;

/**
 * A file in one commit of a table. Immutable.
 *
 * @param kind what the commit did with it
 * @param file the file; of a removed one, the modification time is that of the removal
 * @param version the commit's version
 * @param timestamp when it was committed, in milliseconds since the epoch
 */
public record ChangedFile(ChangeFile.Kind kind, TableFile file, long version, long timestamp) {}
