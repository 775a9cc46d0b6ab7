/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.PositionedInput;
import java.io.IOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file of a store as Parquet's reader takes it. Used by one thread; closing a stream closes it.
 */
final class StoredParquet implements InputFile {
  private final PositionedInput file;

  StoredParquet(PositionedInput file) {
    this.file = file;
  }

  @Override
  public long getLength() throws IOException {
    return file.length();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    BlockInput blocks = new BlockInput(file);
    return new DelegatingSeekableInputStream(blocks) {
      @Override
      public long getPos() {
        return blocks.getPos();
      }

      @Override
      public void seek(long position) throws IOException {
        blocks.seek(position);
      }
    };
  }
}
