/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.source.PositionedInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * The files of one table as Iceberg's library reads them: through the table's store, below its
 * directory, up to a size. Nothing is written. Safe for use by several threads.
 */
final class TableFileIo implements FileIO {
  private static final long serialVersionUID = 1L;

  /** The longest file of metadata, manifest list or manifest that is read. */
  static final long LONGEST = 256L << 20;

  private final transient IcebergTable table;

  TableFileIo(IcebergTable table) {
    this.table = table;
  }

  /** A location of Iceberg's as {@code TableStorage.relativize} takes it. */
  static String absolute(String location) {
    int colon = location.indexOf(':');
    int slash = location.indexOf('/');
    if (colon <= 0 || slash >= 0 && slash < colon) {
      return "file:" + location.replaceAll("/{2,}", "/");
    }
    String scheme = location.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = location.substring(colon + 1);
    return scheme.equals("file")
        ? "file:" + rest.replaceFirst("^//(localhost)?(?=/)", "").replaceAll("/{2,}", "/")
        : scheme + ":" + rest;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new TableFileInput(location, table.relative(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new UnsupportedOperationException("tables are only read");
  }

  @Override
  public void deleteFile(String location) {
    throw new UnsupportedOperationException("tables are only read");
  }

  /** A file; it is looked for when it is opened. */
  private final class TableFileInput implements InputFile {
    private final String location;
    private final String path;
    private long length = -1;

    TableFileInput(String location, String path) {
      this.location = location;
      this.path = path;
    }

    @Override
    public long getLength() {
      if (length < 0) {
        length =
            table
                .storage()
                .find(path)
                .orElseThrow(() -> new NotFoundException("%s is not there", path))
                .size();
      }
      return length;
    }

    @Override
    public SeekableInputStream newStream() {
      try {
        PositionedInput file = table.storage().openAt(path);
        length = file.length();
        if (length > LONGEST) {
          file.close();
          throw table.unsupported(
              "%s is longer than the %d MiB that are read of metadata"
                  .formatted(path, LONGEST >> 20));
        }
        return new BlockInput(file);
      } catch (FileNotFoundException e) {
        throw new NotFoundException(e, "%s is not there", path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public boolean exists() {
      return table.storage().find(path).isPresent();
    }
  }
}
