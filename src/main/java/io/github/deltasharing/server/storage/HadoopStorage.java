/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A table in a store that Hadoop has a file system for, by which it is read: Azure's and Google's.
 * Its URLs are signed here and lead to the store. Safe for use by several threads.
 */
final class HadoopStorage implements SigningStorage {
  private final SharedTable table;
  private final Supplier<HadoopStore> store;
  private final String root;

  /**
   * Creates the storage of a table; nothing is opened yet.
   *
   * @param store opens the table's container when it is needed
   */
  HadoopStorage(SharedTable table, Supplier<HadoopStore> store) {
    this.table = table;
    this.store = store;
    this.root = table.location().getPath() + "/";
  }

  /** Not by the parser of texts: names may have colons and percent signs. */
  private Path path(String path) {
    return new Path(table.location().getScheme(), table.location().getAuthority(), root + path);
  }

  @Override
  public Optional<StoredFile> find(String path) {
    try {
      FileStatus found = store.get().files().getFileStatus(path(path));
      String state =
          found instanceof EtagSource etag
              ? String.valueOf(etag.getEtag())
              : found.getPath().getName();
      return Optional.of(new StoredFile(found.getLen(), modified(found), state));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw HadoopFailures.of(table, e);
    }
  }

  private static Instant modified(FileStatus file) {
    return Instant.ofEpochMilli(file.getModificationTime());
  }

  @Override
  public List<ListedFile> list(String directory, String from) {
    List<ListedFile> files = new ArrayList<>();
    try {
      for (FileStatus file : store.get().files().listStatus(path(directory))) {
        String name = file.getPath().getName();
        if (file.isFile() && name.compareTo(from) >= 0) {
          files.add(new ListedFile(name, file.getLen(), modified(file)));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw HadoopFailures.of(table, e);
    }
    files.sort(Comparator.comparing(ListedFile::name));
    return files;
  }

  @Override
  public InputStream open(String path) throws IOException {
    return opened(path);
  }

  @Override
  public PositionedInput openAt(String path) throws IOException {
    try {
      long length = store.get().files().getFileStatus(path(path)).getLen();
      return new HadoopInput(length, opened(path));
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      throw HadoopFailures.of(table, e);
    }
  }

  private FSDataInputStream opened(String path) throws FileNotFoundException {
    try {
      return store.get().files().open(path(path));
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException e) {
      throw HadoopFailures.of(table, e);
    }
  }

  @Override
  public Optional<String> relativize(String absolute) {
    // With TLS and without it is the same store; locations have the one with.
    String text = absolute.replaceFirst("^abfs:", "abfss:");
    String start = table.location().getScheme() + "://" + table.location().getAuthority() + root;
    return text.startsWith(start) ? Optional.of(text.substring(start.length())) : Optional.empty();
  }

  @Override
  public PresignedUrl sign(String path, UrlTerms terms) {
    return store.get().urls().sign(root.substring(1) + path, terms.expiry());
  }

  /** An open file. */
  private record HadoopInput(long length, FSDataInputStream in) implements PositionedInput {
    @Override
    public void readFully(long position, byte[] target, int offset, int count) throws IOException {
      in.readFully(position, target, offset, count);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
