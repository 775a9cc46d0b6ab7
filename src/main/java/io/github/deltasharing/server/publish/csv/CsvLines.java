/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.github.deltasharing.server.error.ServerError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The rows of a file, one after the other; never more of the file in memory than one of them. A
 * line whose quotes are broken comes as a row with a defect, and reading goes on with the next
 * line. Used by one thread, which closes it.
 */
public final class CsvLines implements Iterator<CsvRow>, AutoCloseable {
  /** The longest field, in characters. */
  public static final int LONGEST_FIELD = 1 << 20;

  /** The longest row, in characters: some of them are in memory at once. */
  public static final int LONGEST_ROW = 1 << 23;

  /** The most columns. */
  public static final int MOST_COLUMNS = 10_000;

  private static final String AFTER_QUOTE = "there is text after a closing quote";

  /** After each of these the file is read again from its start. */
  private static final int MOST_BROKEN = 100;

  private final Path file;
  private final CsvFormat format;
  private CloseableIterator<CsvRow> rows;
  private RowHandler handler;
  private long skipped;
  private int broken;
  private long brokenLine;
  private long doubtfulUntil;
  private CsvRow next;
  private boolean ended;

  public CsvLines(Path file, CsvFormat format) throws IOException {
    this.file = file;
    this.format = format;
    open(0);
  }

  private void open(long skip) throws IOException {
    Reader reader = reader(file, format.encoding());
    try {
      skip(reader, skip);
      skipped = skip;
      handler = new RowHandler(format);
      rows =
          CsvReader.builder()
              .fieldSeparator(format.delimiter())
              .quoteCharacter(format.quote())
              .allowExtraFields(true)
              .allowMissingFields(true)
              .allowExtraCharsAfterClosingQuote(false)
              .allowUnclosedQuote(false)
              .maxBufferSize(2 * LONGEST_FIELD)
              .build(handler, reader)
              .iterator();
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** A file's text, which fails when its bytes are none in that encoding. */
  static Reader reader(Path file, TextEncoding encoding) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    bytes.skipNBytes(encoding.skip());
    return new BufferedReader(
        new InputStreamReader(
            bytes,
            encoding
                .charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)),
        1 << 16);
  }

  /** Lines end as the parser has it: by LF, CR, or both. */
  static void skip(Reader reader, long lines) throws IOException {
    long left = lines;
    while (left > 0) {
      int c = reader.read();
      if (c < 0) {
        return;
      }
      if (c == '\r') {
        reader.mark(1);
        if (reader.read() != '\n') {
          reader.reset();
        }
        left--;
      } else if (c == '\n') {
        left--;
      }
    }
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public CsvRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    CsvRow row = next;
    next = null;
    return row;
  }

  private CsvRow read() throws IOException {
    long line = 0;
    try {
      if (!rows.hasNext()) {
        return null;
      }
      CsvRow row = rows.next();
      return checked(new CsvRow(row.line() + skipped, row.fields(), row.quoted(), row.defect()));
    } catch (CsvParseException e) {
      line = handler.line() + skipped;
      return goOnAfter(line, defect(e));
    } catch (UncheckedIOException e) {
      throw refused(e.getCause());
    }
  }

  /** A line that may be inside a broken field is no row. */
  private CsvRow checked(CsvRow row) {
    return row.line() > doubtfulUntil
        ? row
        : row.with("it may be inside the quotes that line %d opens".formatted(brokenLine));
  }

  private static String defect(CsvParseException e) {
    String text = e.getMessage() + " " + (e.getCause() == null ? "" : e.getCause().getMessage());
    if (text.contains("Unclosed")) {
      return "a quote is opened and never closed";
    }
    if (text.contains("after closing quote")) {
      return AFTER_QUOTE;
    }
    return "a field is longer than " + LONGEST_FIELD + " characters, or a quote is not closed";
  }

  private CsvRow goOnAfter(long line, String defect) throws IOException {
    if (++broken > MOST_BROKEN) {
      throw ServerError.invalid(
          "More than "
              + MOST_BROKEN
              + " lines have broken quotes, the last in line "
              + line
              + ": "
              + defect
              + ". Is the quote character right?");
    }
    if (defect.equals(AFTER_QUOTE)) {
      brokenLine = line;
      doubtfulUntil = QuotedLines.brokenAt(file, format, line);
    }
    rows.close();
    open(line);
    return CsvRow.broken(line, defect);
  }

  private IOException refused(IOException cause) {
    if (cause instanceof CharacterCodingException) {
      throw new ServerError(
          400,
          ServerError.INVALID_PARAMETER_VALUE,
          "The file has bytes that are no text in "
              + format.encoding().label()
              + ", after line "
              + (handler.line() + skipped)
              + ". Say which encoding it has",
          cause);
    }
    return cause;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
