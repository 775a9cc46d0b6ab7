/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.storage.FileVersion;
import io.github.deltasharing.storage.url.ContentRange;
import java.io.EOFException;
import java.io.IOException;

/**
 * A file of a log, read in large parts: a small file whole, of a large one first its end, where
 * Parquet has its footer, and else what is wanted and what follows. Used by one thread; holds no
 * connection between reads.
 */
final class ObjectInput implements PositionedInput {
  /** A file of that size takes one request. */
  private static final int WHOLE = 4 << 20;

  private static final int TAIL = 1 << 20;
  private static final int PART = 8 << 20;

  private final StoreRequests requests;
  private final ObjectStore store;
  private final String path;
  private final FileVersion version = new FileVersion();
  private long size;
  private long start;
  private byte[] part = {};

  /**
   * @param size in bytes; −1 where it is not known, then the first request finds it
   */
  ObjectInput(StoreRequests requests, ObjectStore store, String path, long size) {
    this.requests = requests;
    this.store = store;
    this.path = path;
    this.size = size;
  }

  @Override
  public long length() throws IOException {
    if (size < 0) {
      requests.get(store, path, 0, -1, this::first);
    }
    return size;
  }

  @Override
  public void readFully(long position, byte[] target, int offset, int length) throws IOException {
    if (position < 0 || position > length() - length) {
      throw new EOFException(path + " has " + length() + " bytes");
    }
    int done = 0;
    while (done < length) {
      done += read(position + done, target, offset + done, length - done);
    }
  }

  /** Some bytes, at least one, of those that the file has. */
  int read(long position, byte[] target, int offset, int length) throws IOException {
    if (position < start || position >= start + part.length) {
      fetch(position);
    }
    int from = (int) (position - start);
    int n = Math.min(length, part.length - from);
    System.arraycopy(part, from, target, offset, n);
    return n;
  }

  private void fetch(long position) throws IOException {
    long from = position;
    long to = Math.min(size, position + PART);
    if (size <= WHOLE) {
      from = 0;
    } else if (position >= size - TAIL) {
      from = size - TAIL;
    }
    long begin = from;
    long end = to;
    part = requests.get(store, path, begin, end, response -> body(response, begin, end));
    start = begin;
  }

  /** The response to a request for all: kept if it is not long. */
  private Object first(HttpResponse response) throws IOException {
    long length = response.contentLength();
    if (length < 0) {
      // Sent in chunks: it says where it ends when it ends.
      part = response.body().readNBytes(PART + 1);
      if (part.length > PART) {
        throw new BadAnswerException("the store does not say how long " + path + " is");
      }
      length = part.length;
    } else if (length <= PART) {
      part = response.body().readNBytes((int) length);
      if (part.length < length) {
        part = new byte[0];
        throw new EOFException("the body ended early");
      }
    }
    size = length;
    version.accepts(response.header("ETag"));
    return this;
  }

  private byte[] body(HttpResponse response, long begin, long end) throws IOException {
    if (!version.accepts(response.header("ETag"))) {
      throw new BadAnswerException(path + " changed while it was read");
    }
    if (response.statusCode() == 206) {
      ContentRange range = ContentRange.parse(response.header("Content-Range"));
      if (range == null || range.first() != begin || range.last() != end - 1) {
        throw new BadAnswerException(
            "the store sent other bytes of " + path + " than were requested, or it changed");
      }
    } else {
      response.body().skipNBytes(begin);
    }
    byte[] bytes = response.body().readNBytes((int) (end - begin));
    if (bytes.length < end - begin) {
      throw new EOFException("the body ended early");
    }
    return bytes;
  }

  @Override
  public void close() {
    part = new byte[0];
  }
}
