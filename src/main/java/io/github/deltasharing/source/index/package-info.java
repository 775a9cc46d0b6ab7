/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The files of a table's version in memory, small: in blocks of up to a thousand, by columns. A
 * block is never changed, so that versions share what they have in common; a version is a list of
 * blocks, and which files of them it has. Statistics are what is the same in many of them (their
 * shape) and a column for each value, from which a filter is decided without parsing JSON and the
 * text comes out again byte for byte. Knows no table format.
 */
package io.github.deltasharing.source.index;
