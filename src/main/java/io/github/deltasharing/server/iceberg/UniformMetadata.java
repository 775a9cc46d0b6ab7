/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.TableSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;

/**
 * Finds the Iceberg metadata of a Delta table that has it ("UniForm"): the log says that its writer
 * keeps it, files in {@code metadata} below the table's directory have it, and each of these says
 * which version of the log it is of. The writer makes it after the commit, so it may be of an older
 * version than the log's last. Stateless.
 */
final class UniformMetadata {
  private static final String FORMATS = "delta.universalFormat.enabledFormats";
  private static final String DIRECTORY = IcebergLocation.METADATA;
  private static final String DELTA_VERSION = "delta-version";
  private static final Pattern NAME =
      Pattern.compile("v?(\\d{1,18})(-[A-Za-z0-9-]{1,64})?(\\.gz)?\\.metadata\\.json(\\.gz)?");

  /** Whoever failed in the middle of a commit has left some that are not of it. */
  private static final int MOST_TRIED = 8;

  private final TableSources sources;

  UniformMetadata(TableSources sources) {
    this.sources = sources;
  }

  private record Named(String path, long number) {}

  private static long number(MetadataFile file) {
    return named(file.path().substring(DIRECTORY.length() + 1)).orElseThrow().number();
  }

  /** The newest metadata of a table; refused if it has none. */
  MetadataFile newest(IcebergTable table) {
    SharedTable shared = table.shared();
    TableSnapshot latest = sources.open(shared).latest();
    if (!isEnabled(latest)) {
      throw SourceException.unsupported(
          "Cannot serve %s to an Iceberg client: it is a Delta table without Iceberg metadata. Read it over the Delta"
                  .formatted(shared.fullName())
              + " Sharing protocol, or ask the provider to set %s to iceberg".formatted(FORMATS));
    }
    MetadataFile newest = null;
    for (Named file : names(table)) {
      if (newest != null && file.number() < number(newest)) {
        break;
      }
      MetadataFile found = read(table, file.path());
      if (found.version() <= latest.version()
          && (newest == null || found.version() > newest.version())) {
        newest = found;
      }
    }
    if (newest == null) {
      throw SourceException.unsupported(
          "Cannot serve %s to an Iceberg client: its Delta log asks for Iceberg metadata, but none of a version up to %d is there. Read it over the Delta Sharing protocol, or tell the provider"
              .formatted(shared.fullName(), latest.version()));
    }
    return shared(newest);
  }

  private static boolean isEnabled(TableSnapshot latest) {
    String formats = latest.metadata().configuration().getOrDefault(FORMATS, "");
    return List.of(formats.toLowerCase(Locale.ROOT).split("\\s*,\\s*")).contains("iceberg");
  }

  /** One state of a table's metadata, as a response named it before. */
  MetadataFile at(IcebergTable table, String path) {
    return shared(read(table, path));
  }

  private static MetadataFile shared(MetadataFile file) {
    SharedTable table = file.table();
    if (file.version() < table.startVersion()) {
      throw SourceException.invalid(
          "Cannot serve %s to an Iceberg client: its Iceberg metadata is of version %d, and it is shared from version %d on"
              .formatted(table.fullName(), file.version(), table.startVersion()));
    }
    return file;
  }

  /** Those of the highest number, and some before. */
  private static List<Named> names(IcebergTable table) {
    try {
      return table.storage().list(DIRECTORY, "").stream()
          .map(file -> named(file.name()))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(Named::number).reversed())
          .limit(MOST_TRIED)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Named> named(String file) {
    Matcher name = NAME.matcher(file);
    return name.matches()
        ? Optional.of(new Named(DIRECTORY + "/" + file, Long.parseLong(name.group(1))))
        : Optional.empty();
  }

  private static MetadataFile read(IcebergTable table, String path) {
    return MetadataFile.readDelta(table, path, metadata -> version(table, metadata));
  }

  private static long version(IcebergTable table, TableMetadata metadata) {
    String text = metadata.properties().getOrDefault(DELTA_VERSION, "");
    if (!text.matches("\\d{1,18}")) {
      throw table.unsupported(
          "its Iceberg metadata does not say in %s which version of the Delta table it is of"
              .formatted(DELTA_VERSION));
    }
    return Long.parseLong(text);
  }
}
