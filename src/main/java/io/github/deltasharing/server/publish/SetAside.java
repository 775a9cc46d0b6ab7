/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.csv.CsvDefect;
import io.github.deltasharing.server.publish.csv.CsvLines;
import io.github.deltasharing.server.publish.csv.CsvRow;
import io.github.deltasharing.server.publish.csv.CsvSurvey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lines that do not fit: they stop a publication, or are written to a file of their own, with their
 * numbers and what is wrong with them. Used by one thread, which closes it.
 */
public final class SetAside implements Consumer<CsvRow>, AutoCloseable {
  private static final int MOST = 100_000;
  private static final int NAMED = 10;

  private final Path file;
  private final boolean permitted;
  private final List<CsvDefect> first = new ArrayList<>();
  private CsvWriter writer;
  private long count;

  /**
   * Creates one.
   *
   * @param file where the lines go, if there are any
   * @param permitted whether there may be any
   */
  SetAside(Path file, boolean permitted) {
    this.file = file;
    this.permitted = permitted;
  }

  /** A line of such a file: its number, what is wrong, and its fields. */
  public record Line(long line, String problem, List<String> fields) {}

  @Override
  public void accept(CsvRow row) {
    count++;
    if (first.size() < CsvSurvey.MOST_DEFECTS) {
      first.add(new CsvDefect(row.line(), row.defect()));
    }
    if (!permitted) {
      if (count == CsvSurvey.MOST_DEFECTS) {
        throw refusal("", first, count);
      }
      return;
    }
    if (count > MOST) {
      throw ServerError.invalid(
          "More than %,d lines are no rows of the table, the last line %d: %s. Are delimiter, header and types right?"
              .formatted(MOST, row.line(), row.defect()));
    }
    try {
      if (writer == null) {
        writer = CsvWriter.builder().build(file);
      }
      List<String> record = new ArrayList<>();
      record.add(String.valueOf(row.line()));
      record.add(row.defect());
      row.fields().forEach(field -> record.add(field == null ? "" : field));
      writer.writeRecord(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long count() {
    return count;
  }

  /** Refuses what is not permitted. */
  void check(String fileName) {
    if (count > 0 && !permitted) {
      throw refusal(fileName, first, count);
    }
  }

  static ServerError refusal(String fileName, List<CsvDefect> defects, long count) {
    StringBuilder text = new StringBuilder("The file ");
    if (!fileName.isEmpty()) {
      text.append('\'').append(fileName).append("' ");
    }
    text.append("cannot be published:");
    for (CsvDefect defect : defects.subList(0, Math.min(NAMED, defects.size()))) {
      text.append(" line ").append(defect.line()).append(": ").append(defect.problem()).append(';');
    }
    text.append(" %,d lines in all".formatted(count));
    return ServerError.invalid(
        text.append(". Correct the file, or the types, or publish it with on_error=set_aside")
            .toString());
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }

  /** Lines of such a file, which is closed, after some of them. */
  static List<Line> read(InputStream file, long after, int most) throws IOException {
    List<Line> lines = new ArrayList<>();
    long seen = 0;
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .allowExtraFields(true)
            .allowMissingFields(true)
            .maxBufferSize(4 * CsvLines.LONGEST_FIELD)
            .ofCsvRecord(file)) {
      for (CsvRecord record : reader) {
        if (seen++ >= after && lines.size() < most) {
          List<String> fields = record.getFields();
          lines.add(
              new Line(
                  Long.parseLong(fields.get(0)),
                  fields.get(1),
                  List.copyOf(fields.subList(2, fields.size()))));
        }
        if (lines.size() == most) {
          break;
        }
      }
    }
    return lines;
  }
}
