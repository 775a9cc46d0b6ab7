/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Lets Parquet readers, which want a Hadoop path, read shared files. A file is {@link #register
 * registered} under a path of its own while it is open in this JVM; the path has its id, never its
 * URL. Read-only; thread-safe.
 */
public final class SharedFileSystem extends FileSystem {
  public static final String SCHEME = "delta-sharing-data";

  /** The files that are open in this JVM, by their paths. */
  private static final class OpenFiles {
    final Map<String, PrimedFile> byPath = new ConcurrentHashMap<>();
    final AtomicLong next = new AtomicLong();

    static OpenFiles shared() {
      return ExecutorResources.shared(OpenFiles.class, OpenFiles::new);
    }
  }

  private URI uri;

  /** Makes Hadoop find this class for its paths. */
  public static void configure(Configuration conf) {
    conf.set("fs." + SCHEME + ".impl", SharedFileSystem.class.getName());
    // Hadoop's cache is the JVM's; sessions may have class loaders, and so open files, of their
    // own.
    conf.setBoolean("fs." + SCHEME + ".impl.disable.cache", true);
  }

  /** Gives {@code file} a path, until {@link #release}. */
  public static Path register(PrimedFile file) {
    OpenFiles open = OpenFiles.shared();
    String id = file.file().id().replaceAll("[^A-Za-z0-9._-]", "_");
    String name = open.next.incrementAndGet() + "-" + id;
    open.byPath.put("/" + name, file);
    return new Path(SCHEME + ":///" + name);
  }

  /** Forgets the path. The file's owner closes the file. */
  public static void release(Path path) {
    OpenFiles.shared().byPath.remove(path.toUri().getPath());
  }

  /** How many files are registered in this JVM: 0 when nothing is being read. */
  static int registered() {
    return OpenFiles.shared().byPath.size();
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    this.uri = URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public URI getUri() {
    return uri;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return new FSDataInputStream(new SharedInputStream(find(path), statistics));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    long size = find(path).file().size();
    return new FileStatus(size, false, 1, Math.max(size, 1), 0, path);
  }

  private static PrimedFile find(Path path) throws FileNotFoundException {
    PrimedFile file = OpenFiles.shared().byPath.get(path.toUri().getPath());
    if (file == null) {
      throw new FileNotFoundException(path + " is not open in this JVM");
    }
    return file;
  }

  @Override
  public FileStatus[] listStatus(Path path) {
    throw readOnly("list");
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw readOnly("create");
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw readOnly("append");
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw readOnly("rename");
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw readOnly("delete");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw readOnly("mkdirs");
  }

  @Override
  public void setWorkingDirectory(Path path) {
    throw readOnly("setWorkingDirectory");
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri);
  }

  private static UnsupportedOperationException readOnly(String operation) {
    return new UnsupportedOperationException("shared files can only be read, not: " + operation);
  }
}
