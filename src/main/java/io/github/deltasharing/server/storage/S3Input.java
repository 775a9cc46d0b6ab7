/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonClientException;
import com.amazonaws.services.s3.model.S3Object;
import com.amazonaws.services.s3.model.S3ObjectInputStream;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.PositionedInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * An object that is read: from its start to its end with one request, or in parts with one each. A
 * connection that breaks is replaced where it broke, some times, as long as the object is the same.
 * Used by one thread, which closes it.
 */
final class S3Input extends InputStream implements PositionedInput {
  private static final int RETRIES = 3;

  private final SharedTable table;
  private final S3Bucket bucket;
  private final String key;
  private final String state;
  private final long length;
  private S3ObjectInputStream content;
  private long position;
  private int retries = RETRIES;

  /** An object that is read from its start, as its response has begun. */
  S3Input(SharedTable table, S3Bucket bucket, S3Object object) {
    this(
        table,
        bucket,
        object.getKey(),
        object.getObjectMetadata().getETag(),
        object.getObjectMetadata().getContentLength());
    this.content = object.getObjectContent();
  }

  /** An object that is read in parts. */
  S3Input(SharedTable table, S3Bucket bucket, String key, String state, long length) {
    this.table = table;
    this.bucket = bucket;
    this.key = key;
    this.state = state;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (true) {
      try {
        if (content == null) {
          content = part(position, length - 1);
        }
        int read = content.read(target, offset, count);
        if (read >= 0) {
          position += read;
          return read;
        }
        if (position >= length) {
          return -1;
        }
        throw new EOFException("the response ended at byte " + position + " of " + length);
      } catch (IOException | AmazonClientException e) {
        tryAgain(e);
      }
    }
  }

  @Override
  public void readFully(long start, byte[] target, int offset, int count) throws IOException {
    if (start < 0 || start + count > length) {
      throw new EOFException("the file ends before byte " + (start + count));
    }
    for (int read = 0; read < count; ) {
      try (S3ObjectInputStream part = part(start + read, start + count - 1)) {
        int more;
        while (read < count && (more = part.read(target, offset + read, count - read)) >= 0) {
          read += more;
        }
        if (read < count) {
          throw new EOFException("the response ended too early");
        }
      } catch (IOException | AmazonClientException e) {
        tryAgain(e);
      }
    }
  }

  private S3ObjectInputStream part(long first, long last) throws IOException {
    S3Object object = bucket.get(key, state, first, last);
    if (object == null) {
      retries = 0;
      throw new IOException("the object was replaced while it was read");
    }
    return object.getObjectContent();
  }

  /** Responses that refuse are final: the SDK has tried what helps. */
  private void tryAgain(Exception failure) {
    abort();
    if (retries-- <= 0 || failure instanceof com.amazonaws.AmazonServiceException) {
      throw S3Failures.of(table, failure);
    }
  }

  private void abort() {
    if (content != null) {
      content.abort();
      content = null;
    }
  }

  /** The connection serves again if all was read of it. */
  @Override
  public void close() throws IOException {
    if (content != null && position >= length) {
      content.close();
    } else {
      abort();
    }
  }
}
