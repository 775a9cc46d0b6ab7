/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

/**
 * What is wrong with a line of a file. Immutable.
 *
 * @param line its number, from 1
 * @param problem what is wrong, without the line's text
 */
public record CsvDefect(long line, String problem) {}
