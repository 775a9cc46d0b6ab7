/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ParquetDecodingException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages as Parquet's own codecs compress them, and with one byte less in them than is said. */
@Tag("unit")
class WholePagesTest {
  /** Runs that compress, and bytes that do not, of any length. */
  private static byte[] data(Random random, int length) {
    byte[] data = new byte[length];
    for (int at = 0; at < length; ) {
      int run = Math.min(length - at, 1 + random.nextInt(1 + random.nextInt(600)));
      byte one = (byte) random.nextInt();
      boolean same = random.nextBoolean();
      for (int end = at + run; at < end; at++) {
        data[at] = same ? one : (byte) random.nextInt();
      }
    }
    return data;
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodecName.class,
      names = {"SNAPPY", "LZ4_RAW", "GZIP", "ZSTD", "UNCOMPRESSED"})
  void pagesAreReadWhole(CompressionCodecName codec) throws IOException {
    Random random = new Random(7);
    CodecFactory writing = new CodecFactory(new Configuration(false), 1 << 20);
    WholePages reading = new WholePages();
    for (int i = 0; i < 300; i++) {
      byte[] data = data(random, i < 50 ? i : random.nextInt(70_000));
      byte[] block = writing.getCompressor(codec).compress(BytesInput.from(data)).toByteArray();
      BytesInputDecompressor decompressor = reading.getDecompressor(codec);
      assertThat(decompressor.decompress(BytesInput.from(block), data.length).toByteArray())
          .isEqualTo(data);
      ByteBuffer output = ByteBuffer.allocate(data.length);
      decompressor.decompress(ByteBuffer.wrap(block), block.length, output, data.length);
      assertThat(output.array()).isEqualTo(data);
      if (codec == CompressionCodecName.SNAPPY || codec == CompressionCodecName.LZ4_RAW) {
        assertThatThrownBy(() -> decompressor.decompress(BytesInput.from(block), data.length + 1))
            .isInstanceOf(ParquetDecodingException.class)
            .hasMessageContaining("and has " + data.length);
      }
    }
    reading.release();
    writing.release();
  }
}
