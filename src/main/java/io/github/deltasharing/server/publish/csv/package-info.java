/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Reads files of separated values: what their encoding and format are, what types their columns
 * have, what is wrong with a line. Writes nothing.
 */
package io.github.deltasharing.server.publish.csv;
