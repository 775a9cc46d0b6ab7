/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.parquet;

/**
 * How long a block of LZ4 (its block format) is when decompressed, found as its bytes come: the
 * format does not say that. Used by one thread.
 */
public final class Lz4Length {
  private static final int MORE = 15;
  private static final int LEAST_MATCH = 4;

  private enum Step {
    TOKEN,
    LITERAL_LENGTH,
    LITERALS,
    OFFSET,
    MATCH_LENGTH
  }

  private Step step = Step.TOKEN;
  private int match;

  /** Bytes of the step that are still to come. */
  private long left;

  private long length;

  /** Takes more bytes. */
  public void feed(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      if (step == Step.LITERALS || step == Step.OFFSET) {
        int n = (int) Math.min(left, end - at);
        at += n;
        left -= n;
        passed();
      } else {
        take(bytes[at++] & 0xff);
      }
    }
  }

  private void take(int b) {
    switch (step) {
      case TOKEN -> {
        match = b & MORE;
        left = b >> 4;
        length += left;
        step = left == MORE ? Step.LITERAL_LENGTH : Step.LITERALS;
        passed();
      }
      case LITERAL_LENGTH -> {
        left += b;
        length += b;
        step = b == 0xff ? step : Step.LITERALS;
        passed();
      }
      default -> {
        length += b;
        step = b == 0xff ? step : Step.TOKEN;
      }
    }
  }

  /** Goes on where nothing is left of literals or of an offset. */
  private void passed() {
    if (step == Step.LITERALS && left == 0) {
      step = Step.OFFSET;
      left = 2;
    } else if (step == Step.OFFSET && left == 0) {
      length += LEAST_MATCH + match;
      step = match == MORE ? Step.MATCH_LENGTH : Step.TOKEN;
    }
  }

  /** How long the bytes so far are when decompressed; the last ones of a block are literals. */
  public long length() {
    return length;
  }
}
