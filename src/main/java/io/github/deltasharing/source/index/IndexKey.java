/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import java.net.URI;

/**
 * A version of a table as it was found: a table that was written anew in the same place is another.
 *
 * @param location the table's directory
 * @param state equal while the version's files are described in the same way, such as the version's
 *     commit file
 */
public record IndexKey(URI location, long version, Object state) {}
