/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.codec.ActionWriter;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;

/**
 * A response of one JSON object a line, streamed. Nothing is sent before some 64 KiB are there, so
 * a request that fails early still gets an error's status. Used by one thread; the creator calls
 * {@link #finish}, or leaves it unsent when the request fails.
 */
final class NdjsonResponse {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final LateOutput output;
  private final ActionWriter lines;

  NdjsonResponse(Response response, ResponseFormat format) throws IOException {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/x-ndjson; charset=utf-8");
    output = new LateOutput(Content.Sink.asOutputStream(response));
    lines = new ActionWriter(output, format);
  }

  /** Where the lines are written. */
  ActionWriter lines() {
    return lines;
  }

  /** Whether bytes were sent, so that the status cannot change any more. */
  boolean started() {
    return output.started;
  }

  /** Sends the rest and ends the response. */
  void finish() throws IOException {
    lines.close();
    output.close();
  }

  /** Sends what is there and leaves the response open. */
  void flush() throws IOException {
    lines.flush();
    output.flush();
  }

  /** A buffer that knows whether it was ever emptied. */
  private static final class LateOutput extends OutputStream {
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private boolean started;

    LateOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (filled == buffer.length) {
          empty();
        }
        int part = Math.min(length - done, buffer.length - filled);
        System.arraycopy(bytes, offset + done, buffer, filled, part);
        filled += part;
        done += part;
      }
    }

    private void empty() throws IOException {
      started = true;
      out.write(buffer, 0, filled);
      filled = 0;
    }

    @Override
    public void flush() throws IOException {
      empty();
      out.flush();
    }

    @Override
    public void close() throws IOException {
      empty();
      out.close();
    }
  }
}
