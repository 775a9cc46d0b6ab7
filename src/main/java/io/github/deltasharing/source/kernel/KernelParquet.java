/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.kernel;

import io.delta.kernel.defaults.internal.parquet.ParquetFileReader.BatchReadSupport;
import io.github.deltasharing.source.parquet.WholePages;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.InputFile;

/**
 * Has Kernel's decoder read an open file: its own handler opens files by Hadoop's default
 * configuration, whatever it is given. Stateless.
 */
public final class KernelParquet {
  /** Of no file system: nothing is opened by it. */
  private static final Configuration CONFIGURATION = new Configuration(false);

  private KernelParquet() {}

  /** A reader that the caller closes, and the file with it. */
  public static ParquetReader<Object> reader(InputFile file, BatchReadSupport rows)
      throws IOException {
    return new Builder(file, rows)
        .withConf(CONFIGURATION)
        .withCodecFactory(new WholePages())
        .build();
  }

  /** Makes Parquet's reader of an open file. */
  private static final class Builder extends ParquetReader.Builder<Object> {
    private final BatchReadSupport rows;

    Builder(InputFile file, BatchReadSupport rows) {
      super(file);
      this.rows = rows;
    }

    @Override
    protected ReadSupport<Object> getReadSupport() {
      return rows;
    }
  }
}
