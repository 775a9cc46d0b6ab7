/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source;

import java.io.Closeable;
import java.util.Iterator;

/**
 * The files of a version, streamed. Used by one thread; the caller of {@code files()} closes it.
 */
public interface TableFileIterator extends Iterator<TableFile>, Closeable {}
