/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Parquet's codecs, but that a page with less in it than its header says is an error: of Snappy and
 * LZ4 Parquet waits for ever for what is missing, and takes no interrupt. One for each reader,
 * which releases it; used by one thread.
 */
public final class WholePages implements CompressionCodecFactory {
  /** Of compressors, which there are none of. */
  private static final int NO_PAGE = 0;

  private final CodecFactory codecs = new CodecFactory(new Configuration(false), NO_PAGE);

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("files are only read");
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    BytesInputDecompressor decompressor = codecs.getDecompressor(codec);
    return codec == CompressionCodecName.SNAPPY || codec == CompressionCodecName.LZ4_RAW
        ? new Checked(codec, decompressor)
        : decompressor;
  }

  @Override
  public void release() {
    codecs.release();
  }

  private record Checked(CompressionCodecName codec, BytesInputDecompressor decompressor)
      implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int uncompressed) throws IOException {
      byte[] block = bytes.toByteArray();
      long length = Math.max(0, length(block));
      if (length < uncompressed) {
        throw new ParquetDecodingException(
            "A page claims %d bytes, and has %d".formatted(uncompressed, length));
      }
      return decompressor.decompress(BytesInput.from(block), uncompressed);
    }

    private long length(byte[] block) {
      if (codec == CompressionCodecName.SNAPPY) {
        return SnappyLength.of(block);
      }
      Lz4Length length = new Lz4Length();
      length.feed(block, 0, block.length);
      return length.length();
    }

    @Override
    public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int uncompressed)
        throws IOException {
      byte[] block = new byte[compressed];
      input.get(block);
      output.put(decompress(BytesInput.from(block), uncompressed).toByteBuffer());
    }

    @Override
    public void release() {
      decompressor.release();
    }
  }
}
