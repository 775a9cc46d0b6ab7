/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.github.deltasharing.protocol.ChangeFile;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a newline-delimited JSON response as a stream: one action at a time, in both formats, never
 * the whole response in memory. Unknown lines and fields are skipped, as the protocol demands.
 * Stateless.
 */
public final class ActionParser {
  /** Bytes of one line: a schema of many columns, or a file's statistics, are long. */
  static final int LONGEST_LINE = 128 << 20;

  /** Lines that are no files: one for each version at most, and those that are not known. */
  static final int MOST_OTHER_LINES = 1_000_000;

  private ActionParser() {}

  /**
   * Reads {@code response} to its end and passes on each action. Does not close it.
   *
   * @return the number of lines read, known or not
   * @throws MalformedResponseException if it is not what the protocol says
   * @throws IOException if reading fails
   */
  public static long parse(InputStream response, ActionHandler handler)
      throws IOException, MalformedResponseException {
    LineStream in = new LineStream(response, LONGEST_LINE);
    try (JsonParser p = open(in)) {
      p.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      return lines(p, in, handler);
    }
  }

  /** The first bytes say in which encoding it is. */
  private static JsonParser open(LineStream in) throws IOException, MalformedResponseException {
    try {
      return UntrustedJson.FACTORY.createParser(in);
    } catch (CharConversionException e) {
      throw new MalformedResponseException(
          "the response is in an encoding that JSON is never in", false);
    }
  }

  private static long lines(JsonParser p, LineStream in, ActionHandler handler)
      throws IOException, MalformedResponseException {
    long lines = 0;
    long others = 0;
    try {
      FieldReader fields = new FieldReader(p);
      while (p.nextToken() != null) {
        lines++;
        if (p.currentToken() != JsonToken.START_OBJECT) {
          throw new MalformedResponseException(
              "line " + lines + " of the response is not a JSON object", false);
        }
        if (!line(fields, handler) && ++others > MOST_OTHER_LINES) {
          throw new MalformedResponseException(
              "it has more than " + MOST_OTHER_LINES + " lines that are no files", false);
        }
        in.nextLine();
      }
      return lines;
    } catch (LineStream.LineTooLongException e) {
      throw new MalformedResponseException(
          "line " + (lines + 1) + " of the response is longer than " + LONGEST_LINE + " bytes",
          false);
    } catch (StreamConstraintsException | InputCoercionException | CharConversionException e) {
      throw new MalformedResponseException(
          "line " + lines + " of the response is " + UntrustedJson.problem(e), false);
    } catch (JsonProcessingException e) {
      // Half a literal or number at the end is no JsonEOFException. Outside of an object it may be
      // any text: that is not taken for a response.
      if (e instanceof JsonEOFException || (in.ended() && !p.getParsingContext().inRoot())) {
        throw new MalformedResponseException(
            "the response ends in the middle of line " + lines, true);
      }
      // Jackson's own message may quote the text: only the line is said.
      throw new MalformedResponseException(
          "the response is not JSON at line " + lineOf(e, lines) + html(e), false);
    } catch (MissingFieldException e) {
      throw new MalformedResponseException(
          "line " + lines + " of the response: " + e.getMessage(), false);
    } catch (IllegalStateException e) {
      // Names that were chosen to collide in Jackson's table of names.
      throw new MalformedResponseException(
          "line " + lines + " of the response has names that cannot be read", false);
    }
  }

  private static long lineOf(JsonProcessingException e, long otherwise) {
    return e.getLocation() == null ? otherwise : e.getLocation().getLineNr();
  }

  private static String html(JsonProcessingException e) {
    return e.getOriginalMessage().contains("'<'")
        ? " but looks like HTML (a login page, or a proxy's error page?)"
        : "";
  }

  /** Reads a line; true if it is a file. */
  private static boolean line(FieldReader in, ActionHandler handler) throws IOException {
    boolean file = false;
    for (String key = in.nextField(); key != null; key = in.nextField()) {
      if (in.isNull()) {
        continue;
      }
      switch (key) {
        case FieldNames.PROTOCOL -> handler.protocol(ActionDecoder.protocol(in));
        case FieldNames.METADATA -> handler.metadata(ActionDecoder.metadata(in));
        case FieldNames.FILE, FieldNames.ADD ->
            handler.file(ActionDecoder.file(in, ChangeFile.Kind.ADD));
        case FieldNames.REMOVE -> handler.file(ActionDecoder.file(in, ChangeFile.Kind.REMOVE));
        case FieldNames.PARQUET_CHANGES ->
            handler.file(ActionDecoder.file(in, ChangeFile.Kind.CDC));
        case FieldNames.QUERY_STATUS -> handler.queryStatus(ActionDecoder.queryStatus(in));
        case FieldNames.END_STREAM_ACTION -> handler.endStream(ActionDecoder.endStream(in));
        default -> in.skip();
      }
      file |= isFile(key);
    }
    return file;
  }

  private static boolean isFile(String key) {
    return switch (key) {
      case FieldNames.FILE, FieldNames.ADD, FieldNames.REMOVE, FieldNames.PARQUET_CHANGES -> true;
      default -> false;
    };
  }
}
