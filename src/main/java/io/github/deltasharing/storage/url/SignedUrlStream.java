/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage.url;

import io.github.deltasharing.http.ResponseBody;
import io.github.deltasharing.storage.RangeStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/**
 * Bytes {@code [position, end)} of a file from one request; a connection that breaks is opened
 * again where it broke. Used by one thread; closing early drops the connection.
 */
final class SignedUrlStream implements RangeStream {
  private static final Duration END = Duration.ofMillis(200);

  private final SignedUrlReader reader;
  private final long end;
  private long position;
  private ResponseBody body;

  SignedUrlStream(SignedUrlReader reader, long start, long end) {
    this.reader = reader;
    this.position = start;
    this.end = end;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public void readFully(byte[] buffer, int offset, int length) {
    int done = 0;
    while (done < length) {
      int at = offset + done;
      int left = length - done;
      done += reader.retrying(() -> readSome(buffer, at, left));
    }
  }

  private int readSome(byte[] buffer, int offset, int length) {
    if (body == null) {
      body = reader.request(position, end);
    }
    try {
      int n = body.read(buffer, offset, length);
      if (n < 0) {
        throw new EOFException("the body ended " + (end - position) + " bytes early");
      }
      position += n;
      reader.received(n);
      if (position == end) {
        finish();
      }
      return n;
    } catch (IOException e) {
      close();
      throw reader.broken(e);
    }
  }

  /**
   * Meets the body's end, so that its connection goes back to the pool instead of being dropped.
   * All bytes are here: how it ends does not matter, and is not waited for long.
   */
  private void finish() {
    if (body.endsWithin(END)) {
      body = null;
    }
    close();
  }

  @Override
  public void close() {
    if (body != null) {
      body.close();
      body = null;
    }
  }
}
