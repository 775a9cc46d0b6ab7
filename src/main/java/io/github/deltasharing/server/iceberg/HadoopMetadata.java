/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableStorage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the newest metadata of a table that a catalog of directories keeps: {@code
 * v7.metadata.json} with the number in {@code version-hint.text}, or a higher one, for the hint is
 * written after it. Stateless.
 */
final class HadoopMetadata {
  private static final Pattern VERSION =
      Pattern.compile("v(\\d{1,9})(\\.gz)?\\.metadata\\.json(\\.gz)?");
  private static final int LONGEST_HINT = 64;

  private HadoopMetadata() {}

  /** The newest metadata's path below the table's directory. */
  static String newest(IcebergTable table) {
    try {
      OptionalInt hint = hint(table.storage());
      if (hint.isPresent()) {
        String path = IcebergLocation.METADATA + "/v%d.metadata.json".formatted(hint.getAsInt());
        String next =
            IcebergLocation.METADATA + "/v%d.metadata.json".formatted(hint.getAsInt() + 1);
        if (table.storage().find(path).isPresent() && table.storage().find(next).isEmpty()) {
          return path;
        }
      }
      return listed(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OptionalInt hint(TableStorage storage) throws IOException {
    try (InputStream in = storage.open(IcebergLocation.METADATA + "/" + IcebergLocation.HINT)) {
      String text = new String(in.readNBytes(LONGEST_HINT), StandardCharsets.UTF_8).strip();
      return text.matches("\\d{1,9}")
          ? OptionalInt.of(Integer.parseInt(text))
          : OptionalInt.empty();
    } catch (FileNotFoundException e) {
      return OptionalInt.empty();
    }
  }

  private static String listed(IcebergTable table) throws IOException {
    List<ListedFile> files = table.storage().list(IcebergLocation.METADATA, "v");
    String newest = null;
    int most = -1;
    for (ListedFile file : files) {
      Matcher version = VERSION.matcher(file.name());
      if (version.matches() && Integer.parseInt(version.group(1)) > most) {
        most = Integer.parseInt(version.group(1));
        newest = file.name();
      }
    }
    if (newest == null) {
      throw SourceException.notFound(
          "There is no Iceberg table at the location of %s: it has no metadata of a catalog of directories. Ask the provider"
              .formatted(table.name()),
          null);
    }
    return IcebergLocation.METADATA + "/" + newest;
  }
}
