/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Takes the place of a cloud's file system: its container is a directory on disk. */
public final class DiskContainer extends RawLocalFileSystem {
  /** The directory. */
  public static final String DIRECTORY = "test.container.directory";

  private URI uri;
  private String directory;

  @Override
  public void initialize(URI name, Configuration settings) throws IOException {
    uri = URI.create(name.getScheme() + "://" + name.getRawAuthority());
    directory = settings.get(DIRECTORY);
    if (directory == null) {
      throw new java.nio.file.AccessDeniedException(name + " with canary");
    }
    super.initialize(name, settings);
  }

  @Override
  public URI getUri() {
    // The constructor of the file system below asks, too.
    return uri == null ? super.getUri() : uri;
  }

  @Override
  public File pathToFile(Path path) {
    return new File(directory, path.toUri().getPath());
  }
}
