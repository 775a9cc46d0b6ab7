/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.protocol.ChangeFile;

/**
 * A file that a stream reads. Immutable.
 *
 * @param change what the commit did with it; of a snapshot, it was added
 * @param version the commit's, or the snapshot's
 * @param listing the listing that it is from
 */
public record StreamFile(ChangeFile change, long version, FileListing listing) {}
