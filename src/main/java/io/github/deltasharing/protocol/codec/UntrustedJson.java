/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;

/**
 * Reads JSON of untrusted origin: with limits, and with errors that do not quote the text, which
 * may contain tokens and signed URLs. Thread-safe.
 */
public final class UntrustedJson {
  /** Objects and arrays in each other. */
  public static final int DEEPEST = 1000;

  /** Characters of one text: a schema may be long. */
  public static final int LONGEST_TEXT = 32_000_000;

  /** Characters of one field's name. */
  public static final int LONGEST_NAME = 50_000;

  /** Digits of one number. */
  public static final int LONGEST_NUMBER = 1000;

  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_TEXT)
                  .maxNumberLength(LONGEST_NUMBER)
                  .build())
          .build();

  /** Numbers with a fraction stay as exact as they are written; none is blown up to its digits. */
  public static final ObjectMapper MAPPER =
      new ObjectMapper(FACTORY).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private UntrustedJson() {}

  /** What is wrong with the text, after "it is": {@code not JSON (line 3)}. */
  public static String problem(IOException e) {
    if (e instanceof StreamConstraintsException limit) {
      // Jackson says numbers only; it names its own class behind a comma.
      return "JSON beyond a limit of the reader ("
          + limit.getOriginalMessage().replaceAll(", from `[^`]*`", "")
          + ")";
    }
    if (e instanceof InputCoercionException) {
      return "JSON with a number that is out of range" + line(e);
    }
    if (e instanceof CharConversionException) {
      return "not JSON in UTF-8";
    }
    return "not JSON" + line(e);
  }

  private static String line(IOException e) {
    return e instanceof JsonProcessingException json && json.getLocation() != null
        ? " (line " + json.getLocation().getLineNr() + ")"
        : "";
  }
}
