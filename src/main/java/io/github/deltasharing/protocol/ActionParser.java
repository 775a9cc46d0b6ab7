package io.github.deltasharing.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a newline-delimited JSON answer as a stream: one action at a time, both dialects, never the
 * whole answer in memory. Lines and fields that it does not know are skipped, as the protocol asks.
 * Thread-safe: it has no state.
 */
public final class ActionParser {
  // The source is kept out of error messages: it holds signed URLs.
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build();

  private ActionParser() {}

  /**
   * Reads {@code answer} to its end and hands each action on. Does not close it.
   *
   * @return the number of lines read, known or not
   * @throws MalformedAnswerException if it is not what the protocol says
   * @throws IOException if reading fails
   */
  public static long parse(InputStream answer, ActionHandler handler)
      throws IOException, MalformedAnswerException {
    EndNotingStream in = new EndNotingStream(answer);
    try (JsonParser p = JSON.createParser(in)) {
      p.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      return lines(p, in, handler);
    }
  }

  private static long lines(JsonParser p, EndNotingStream in, ActionHandler handler)
      throws IOException, MalformedAnswerException {
    long lines = 0;
    try {
      FieldReader fields = new FieldReader(p);
      while (p.nextToken() != null) {
        lines++;
        if (p.currentToken() != JsonToken.START_OBJECT) {
          throw new MalformedAnswerException(
              "line " + lines + " of the answer is not a JSON object", false);
        }
        line(fields, handler);
      }
      return lines;
    } catch (JsonProcessingException e) {
      // Half a literal or number at the end is no JsonEOFException. Outside of an object it may be
      // any text: that is not taken for an answer.
      if (e instanceof JsonEOFException || (in.ended() && !p.getParsingContext().inRoot())) {
        throw new MalformedAnswerException("the answer ends in the middle of line " + lines, true);
      }
      // Jackson's own message may quote the text: only the place is told.
      throw new MalformedAnswerException(
          "the answer is not JSON at line " + e.getLocation().getLineNr() + html(e), false);
    } catch (MissingFieldException e) {
      throw new MalformedAnswerException(
          "line " + lines + " of the answer: " + e.getMessage(), false);
    }
  }

  private static String html(JsonProcessingException e) {
    return e.getOriginalMessage().contains("'<'")
        ? " but looks like HTML (a login page, or a proxy's error page?)"
        : "";
  }

  private static void line(FieldReader in, ActionHandler handler) throws IOException {
    for (String key = in.nextField(); key != null; key = in.nextField()) {
      if (in.isNull()) {
        continue;
      }
      switch (key) {
        case "protocol" -> handler.protocol(ActionCodec.protocol(in));
        case "metaData" -> handler.metadata(ActionCodec.metadata(in));
        case "file", "add" -> handler.file(ActionCodec.file(in, ChangeFile.Kind.ADD));
        case "remove" -> handler.file(ActionCodec.file(in, ChangeFile.Kind.REMOVE));
        case "cdf" -> handler.file(ActionCodec.file(in, ChangeFile.Kind.CDC));
        case "queryStatus" -> handler.queryStatus(ActionCodec.queryStatus(in));
        case "endStreamAction" -> handler.endStream(ActionCodec.endStream(in));
        default -> in.skip();
      }
    }
  }
}
