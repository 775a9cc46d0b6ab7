/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import io.github.deltasharing.server.publish.csv.CsvColumn;
import io.github.deltasharing.server.publish.csv.CsvDefect;
import io.github.deltasharing.server.publish.csv.CsvFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a table would be like. Immutable.
 *
 * @param uploadId the file, for an hour; publishing needs not send it again
 * @param fileName its name
 * @param bytes its length
 * @param format how its text is read; empty for a Parquet file
 * @param columns the table's columns
 * @param rows how many rows
 * @param firstRows the first of them as text
 * @param defects what is wrong with the first lines that are no rows
 * @param defectCount how many there are
 * @param problems why it cannot be published as it is
 */
public record Preview(
    String uploadId,
    String fileName,
    long bytes,
    Optional<CsvFormat> format,
    List<CsvColumn> columns,
    long rows,
    List<List<String>> firstRows,
    List<CsvDefect> defects,
    long defectCount,
    List<String> problems) {}
