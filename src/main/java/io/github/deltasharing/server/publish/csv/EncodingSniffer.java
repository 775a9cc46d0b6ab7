/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.csv;

import io.github.deltasharing.server.error.ServerError;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds out the encoding of a file from all of its bytes, as they come: by its byte order mark;
 * UTF-16 without one by where its zero bytes are; UTF-8 if it is valid; else Windows-1252, or
 * Latin-1 if it has bytes that Windows-1252 does not. What is no text is refused, and so is what is
 * UTF-8 but for some bytes. Not thread-safe.
 */
public final class EncodingSniffer {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final int HEAD = 10;
  private static final int SCRATCH = 8192;

  /** What else is uploaded by mistake, by how it starts. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "504b0304", "a ZIP archive or an Excel workbook",
          "504b0506", "an empty ZIP archive",
          "1f8b", "compressed by gzip",
          "d0cf11e0", "an Office document",
          "25504446", "a PDF document",
          "28b52ffd", "compressed by Zstandard",
          "fd377a585a", "compressed by xz",
          "425a68", "compressed by bzip2");

  private static final String PARQUET = "50415231";
  private static final Pattern BZIP2 = Pattern.compile("425a683[1-9]314159265359");

  /** Bytes without a meaning in Windows-1252. */
  private static final byte[] UNDEFINED = {
    (byte) 0x81, (byte) 0x8d, (byte) 0x8f, (byte) 0x90, (byte) 0x9d
  };

  private final byte[] head = new byte[HEAD];
  private final long[] zeros = new long[2];
  private final CharBuffer scratch = CharBuffer.allocate(SCRATCH);
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private byte[] rest = {};
  private long bytes;
  private long newlines;
  private long invalidLine = -1;
  private long invalid;
  private long pairs;
  private boolean undefined;

  /** Takes the next bytes of the file. */
  public void accept(byte[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      byte one = buffer[i];
      if (bytes < HEAD) {
        head[(int) bytes] = one;
      }
      if (one == 0) {
        zeros[(int) (bytes & 1)]++;
      } else if (one < 0 && !undefined) {
        undefined = Arrays.binarySearch(UNDEFINED, one) >= 0;
      }
      bytes++;
    }
    decode(buffer, offset, length, false);
  }

  private void decode(byte[] buffer, int offset, int length, boolean last) {
    byte[] both = Arrays.copyOf(rest, rest.length + length);
    System.arraycopy(buffer, offset, both, rest.length, length);
    ByteBuffer input = ByteBuffer.wrap(both);
    CoderResult result;
    do {
      scratch.clear();
      result = utf8.decode(input, scratch, last);
      for (int i = 0; i < scratch.position(); i++) {
        char one = scratch.get(i);
        if (one == '\n') {
          newlines++;
        } else if (one > 0x7f) {
          pairs++;
        }
      }
      if (result.isError()) {
        invalid++;
        invalidLine = invalidLine < 0 ? newlines + 1 : invalidLine;
        input.position(input.position() + result.length());
      }
    } while (!result.isUnderflow());
    rest = Arrays.copyOfRange(both, input.position(), both.length);
  }

  /**
   * The encoding, once all bytes were taken.
   *
   * @param fileName as messages name the file
   * @param given the encoding as the sender says it
   * @throws ServerError 400 when the file is no text, or not in that encoding
   */
  public TextEncoding finish(String fileName, Optional<String> given) {
    decode(new byte[0], 0, 0, true);
    otherThanText()
        .ifPresent(
            kind -> {
              throw ServerError.invalid(
                  "'"
                      + fileName
                      + "' is "
                      + kind
                      + ", not text of separated values. Unpack it, or save it as CSV");
            });
    TextEncoding encoding = given.map(this::named).orElseGet(this::found);
    boolean wide = encoding.charset().name().startsWith("UTF-16");
    if (!wide && zeros[0] + zeros[1] > 0) {
      throw ServerError.invalid(
          "'"
              + fileName
              + "' has NUL bytes: it is no text, or in another encoding. Save it again"
              + " as CSV in UTF-8");
    }
    if (invalidLine >= 0
        && (encoding.charset().equals(StandardCharsets.UTF_8)
            || given.isEmpty() && !wide && pairs >= invalid)) {
      throw ServerError.invalid(
          "'"
              + fileName
              + "' is not valid UTF-8 from line "
              + invalidLine
              + " on. Save it in"
              + " UTF-8, or say which encoding it has");
    }
    return encoding;
  }

  private String hex() {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(bytes, HEAD); i++) {
      hex.append(String.format(Locale.ROOT, "%02x", head[i]));
    }
    return hex.toString();
  }

  private Optional<String> otherThanText() {
    String start = hex();
    if (start.startsWith(PARQUET) && zeros[0] + zeros[1] > 0) {
      return Optional.of("a Parquet file that is cut off");
    }
    return OTHERS.entrySet().stream()
        .filter(other -> start.startsWith(other.getKey()))
        // Three letters of text are none of it.
        .filter(other -> !other.getKey().equals("425a68") || BZIP2.matcher(start).matches())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private TextEncoding named(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    return switch (wanted) {
      case "utf-8", "utf8" -> said(StandardCharsets.UTF_8);
      case "utf-16le" -> said(StandardCharsets.UTF_16LE);
      case "utf-16be" -> said(StandardCharsets.UTF_16BE);
      case "utf-16" -> utf16();
      case "iso-8859-1", "latin-1", "latin1" ->
          new TextEncoding(StandardCharsets.ISO_8859_1, 0, false);
      case "windows-1252", "cp1252" -> new TextEncoding(WINDOWS_1252, 0, false);
      default ->
          throw ServerError.invalid(
              "encoding must be UTF-8, UTF-16, UTF-16LE, UTF-16BE, ISO-8859-1 or windows-1252");
    };
  }

  /** One that is said; a byte order mark must not say otherwise. */
  private TextEncoding said(Charset charset) {
    Optional<TextEncoding> marked = marked();
    if (marked.isPresent() && !marked.get().charset().equals(charset)) {
      throw ServerError.invalid(
          "The file's byte order mark says that it is %s, and encoding that it is %s: leave encoding out"
              .formatted(marked.get().label(), charset.name()));
    }
    return marked.orElse(new TextEncoding(charset, 0, false));
  }

  private TextEncoding utf16() {
    TextEncoding found = found();
    if (!found.charset().name().startsWith("UTF-16")) {
      throw ServerError.invalid(
          "Nothing in the file says in which order the bytes of UTF-16 are. Say UTF-16LE or"
              + " UTF-16BE");
    }
    return found;
  }

  private Optional<TextEncoding> marked() {
    String start = hex();
    if (start.startsWith("efbbbf")) {
      return Optional.of(new TextEncoding(StandardCharsets.UTF_8, 3, false));
    }
    if (start.startsWith("fffe")) {
      return Optional.of(new TextEncoding(StandardCharsets.UTF_16LE, 2, false));
    }
    if (start.startsWith("feff")) {
      return Optional.of(new TextEncoding(StandardCharsets.UTF_16BE, 2, false));
    }
    return Optional.empty();
  }

  private TextEncoding found() {
    if (marked().isPresent()) {
      return marked().get();
    }
    // Most of a table's characters are ASCII: digits, separators, ends of lines.
    if (bytes > 0 && bytes % 2 == 0 && zeros[0] + zeros[1] >= bytes / 4) {
      if (zeros[0] == 0) {
        return new TextEncoding(StandardCharsets.UTF_16LE, 0, true);
      }
      if (zeros[1] == 0) {
        return new TextEncoding(StandardCharsets.UTF_16BE, 0, true);
      }
    }
    if (invalidLine < 0) {
      return TextEncoding.UTF_8;
    }
    return new TextEncoding(undefined ? StandardCharsets.ISO_8859_1 : WINDOWS_1252, 0, true);
  }
}
