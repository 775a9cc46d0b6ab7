/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * Parses the heads of one connection's responses. HttpCore takes the end of the connection for the
 * end of a head: a response that was cut off there would have lost headers, and its body. Driver
 * and executors; used by one thread at a time.
 */
final class ResponseHeadParser extends DefaultHttpResponseParser {
  private boolean begun;
  private boolean ended;

  ResponseHeadParser(Http1Config config) {
    super(config);
  }

  /** A request is sent from now on: nothing of its response has come. */
  void start() {
    begun = false;
    ended = false;
  }

  /** Whether a byte of the response, or of an interim one before it, has come. */
  boolean hasBegun() {
    return begun;
  }

  @Override
  public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
      throws IOException, HttpException {
    ClassicHttpResponse head = super.parse(buffer, new Watched(in));
    begun |= head != null;
    if (head != null && ended) {
      throw new IOException("the connection ended in the middle of the response's head");
    }
    return head;
  }

  private final class Watched extends FilterInputStream {
    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      begun |= n > 0;
      ended |= n < 0;
      return n;
    }
  }
}
