/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.IcebergLocation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The directories below which principals of the provider's side may share tables: what they name is
 * read with this process's rights. Others may be allowed while the server runs. Safe for use by
 * several threads.
 */
public final class AllowedLocations {
  private volatile List<URI> roots;

  public AllowedLocations(List<URI> roots) {
    replace(roots);
  }

  /** Allows these from now on, and no others. */
  public void replace(List<URI> directories) {
    roots = List.copyOf(directories);
  }

  /** Whether a location, as it is written, is below one of the directories. */
  public boolean permits(URI location) {
    return roots.stream().anyMatch(root -> isBelow(root, location));
  }

  /**
   * A location without links and steps up, if it is there and below one of the directories.
   *
   * @param location an absolute path, a {@code file:} URI, or that of an object store
   */
  public Optional<URI> resolve(String location) {
    try {
      if (location.matches("[A-Za-z][A-Za-z0-9+.-]+://[^/].*")) {
        return Optional.of(known(URI.create(location))).filter(this::permits);
      }
      Path path = location.startsWith("/") ? Path.of(location) : Path.of(URI.create(location));
      URI real = path.toRealPath().toUri();
      for (URI root : roots) {
        if ("file".equals(root.getScheme())
            && Files.exists(Path.of(root.getPath()))
            && isBelow(Path.of(root.getPath()).toRealPath().toUri(), real)) {
          // As the directories are written, so that it is permitted when it is served.
          Path below = Path.of(root.getPath()).toRealPath().relativize(Path.of(real.getPath()));
          return Optional.of(known(Path.of(root.getPath()).resolve(below).normalize().toUri()));
        }
      }
      return Optional.empty();
    } catch (IOException | IllegalArgumentException | FileSystemNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Of a form that there is; those of Delta tables are directories of any name. */
  private static URI known(URI location) {
    IcebergLocation.of(location);
    return location;
  }

  /** Whether a location is that of a directory, or below it. */
  public static boolean isBelow(URI root, URI location) {
    String directory = root.getPath().replaceAll("/+$", "") + "/";
    return String.valueOf(root.getScheme()).equals(location.getScheme())
        && String.valueOf(root.getAuthority()).equals(String.valueOf(location.getAuthority()))
        && (location.getPath() + "/").startsWith(directory)
        && !(location.getPath() + "/").contains("/../");
  }
}
