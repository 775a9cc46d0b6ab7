/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.github.deltasharing.server.error.ServerError;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the delimiter of a file from its start: the one that most lines have equally often. Where
 * neither the first line nor most of the others have it, the file is one column of text, and its
 * delimiter one that it does not have. Whether there is a header: if no field of the first line is
 * a number, a date, a time, true or false, and one at least is not empty. Stateless.
 */
final class FormatDetector {
  private static final char[] DELIMITERS = {',', ';', '\t', '|'};
  private static final int SAMPLE = 64 << 10;
  private static final int RECORDS = 100;
  private static final double HALF = 0.5;

  private FormatDetector() {}

  /** The delimiter; a comma if no line has any of them. */
  static char delimiter(Path file, TextEncoding encoding, char quote) throws IOException {
    String sample = sample(file, encoding);
    char best = ',';
    double bestScore = 0;
    for (char delimiter : DELIMITERS) {
      double score = score(sample, delimiter, quote);
      if (score > bestScore) {
        bestScore = score;
        best = delimiter;
      }
    }
    return bestScore < HALF && columns(sample, best, quote) == 1 ? absent(sample, best) : best;
  }

  private static int columns(String sample, char delimiter, char quote) {
    List<Integer> counts = counts(sample, delimiter, quote);
    return counts.isEmpty() ? 0 : counts.get(0);
  }

  private static char absent(String sample, char otherwise) {
    for (char delimiter : DELIMITERS) {
      if (sample.indexOf(delimiter) < 0) {
        return delimiter;
      }
    }
    return otherwise;
  }

  private static String sample(Path file, TextEncoding encoding) throws IOException {
    char[] text = new char[SAMPLE];
    int length = 0;
    try (Reader reader = CsvLines.reader(file, encoding)) {
      int read = 0;
      while (length < SAMPLE && read >= 0) {
        length += read;
        read = reader.read(text, length, SAMPLE - length);
      }
    } catch (CharacterCodingException e) {
      throw new ServerError(
          400,
          ServerError.INVALID_PARAMETER_VALUE,
          "The file has bytes that are no text in "
              + encoding.label()
              + ". Say which encoding it has",
          e);
    }
    int end = length;
    if (length == SAMPLE) {
      // Not half a line.
      int last = Math.max(lastIndexOf(text, '\n'), lastIndexOf(text, '\r'));
      end = last > 0 ? last : length;
    }
    return new String(text, 0, end);
  }

  private static int lastIndexOf(char[] text, char wanted) {
    for (int i = text.length - 1; i >= 0; i--) {
      if (text[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** The share of lines with the most usual number of fields, and a little for more fields. */
  private static double score(String sample, char delimiter, char quote) {
    List<Integer> counts = counts(sample, delimiter, quote);
    Map<Integer, Integer> lines = new HashMap<>();
    counts.forEach(count -> lines.merge(count, 1, Integer::sum));
    Optional<Map.Entry<Integer, Integer>> usual =
        lines.entrySet().stream().filter(one -> one.getKey() > 1).max(Map.Entry.comparingByValue());
    return usual
        .map(
            most -> (double) most.getValue() / counts.size() + Math.min(most.getKey(), 1000) * 1e-6)
        .orElse(0.0);
  }

  /** How many fields each of the first lines has. */
  private static List<Integer> counts(String sample, char delimiter, char quote) {
    List<Integer> counts = new ArrayList<>();
    if (delimiter == quote) {
      return counts;
    }
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(delimiter)
            .quoteCharacter(quote)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .allowExtraCharsAfterClosingQuote(true)
            .allowUnclosedQuote(true)
            .ofCsvRecord(sample)) {
      for (CsvRecord record : reader) {
        counts.add(record.getFieldCount());
        if (counts.size() == RECORDS) {
          break;
        }
      }
    } catch (CsvParseException | IOException e) {
      return List.of();
    }
    return counts;
  }

  static boolean header(CsvRow first) {
    return !first.fields().stream().allMatch(Collections.<String>singleton(null)::contains)
        && first.fields().stream()
            .allMatch(
                field -> field == null || TypeGuess.shape(field.strip()) == TypeGuess.Shape.TEXT);
  }
}
