/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import io.github.deltasharing.server.share.SchemaDirectories;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Directories of this machine: a table is what has a Delta log. Stateless. */
public final class LocalDirectories implements SchemaDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(LocalDirectories.class);
  private static final String LOG_DIRECTORY = "_delta_log";

  @Override
  public List<String> tables(URI directory) {
    Path path = Path.of(directory.getPath());
    return names(path).stream().filter(name -> isTable(path, name)).toList();
  }

  @Override
  public String find(URI directory, String table) {
    Path path = Path.of(directory.getPath());
    String key = table.toLowerCase(Locale.ROOT);
    return names(path).stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).equals(key) && isTable(path, name))
        .findFirst()
        .orElse("");
  }

  /** Not by way of a link: it may lead out of what the provider means to share. */
  private static boolean isTable(Path directory, String name) {
    Path table = directory.resolve(name);
    return !Files.isSymbolicLink(table)
        && Files.isDirectory(table.resolve(LOG_DIRECTORY), LinkOption.NOFOLLOW_LINKS);
  }

  private static List<String> names(Path directory) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException e) {
      LOG.warn("A directory that is shared as a schema cannot be listed: {}", e.toString());
    } catch (DirectoryIteratorException e) {
      LOG.warn("A directory that is shared as a schema cannot be listed: {}", e.toString());
    }
    names.sort(null);
    return names;
  }
}
