/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Files;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg metadata over the files of a Delta table, written by Iceberg's own library where writers
 * with UniForm leave it, and with the property by which they say of which version it is. Paths in
 * it are those of the store that the table is to be copied to. Used by one thread.
 */
public final class UniformTable {
  private static final String DELTA_VERSION = "delta-version";

  private final Operations operations;

  /**
   * @param directory of the table, where it is written
   * @param location of the table in its store, without a slash at its end
   */
  public UniformTable(
      Path directory, String location, Schema schema, PartitionSpec spec, long version) {
    operations = new Operations(new MappedFiles(directory, location), location);
    operations.commit(
        null,
        TableMetadata.newTableMetadata(
            schema,
            spec,
            location,
            Map.of(DELTA_VERSION, String.valueOf(version), "format-version", "2")));
  }

  /** A commit, which is that of a version of the Delta table. */
  public UniformTable commit(long version, Consumer<Transaction> changes) {
    Transaction transaction = table().newTransaction();
    changes.accept(transaction);
    transaction.updateProperties().set(DELTA_VERSION, String.valueOf(version)).commit();
    transaction.commitTransaction();
    return this;
  }

  public Table table() {
    return new BaseTable(operations, "uniform");
  }

  /** The newest metadata, below the table's directory. */
  public String metadataFile() {
    return operations.current.metadataFileLocation().substring(operations.location.length() + 1);
  }

  /** Writes next to the table what has locations of its store. */
  private record MappedFiles(Path directory, String location) implements FileIO {
    private java.io.File file(String path) {
      if (!path.startsWith(location + "/")) {
        throw new IllegalArgumentException(path + " is not below " + location);
      }
      return directory.resolve(path.substring(location.length() + 1)).toFile();
    }

    @Override
    public InputFile newInputFile(String path) {
      return new Renamed(Files.localInput(file(path)), path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
      java.io.File file = file(path);
      file.getParentFile().mkdirs();
      OutputFile local = Files.localOutput(file);
      return new OutputFile() {
        @Override
        public org.apache.iceberg.io.PositionOutputStream create() {
          return local.create();
        }

        @Override
        public org.apache.iceberg.io.PositionOutputStream createOrOverwrite() {
          return local.createOrOverwrite();
        }

        @Override
        public String location() {
          return path;
        }

        @Override
        public InputFile toInputFile() {
          return newInputFile(path);
        }
      };
    }

    @Override
    public void deleteFile(String path) {
      file(path).delete();
    }
  }

  private record Renamed(InputFile file, String location) implements InputFile {
    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public org.apache.iceberg.io.SeekableInputStream newStream() {
      return file.newStream();
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }

  private static final class Operations implements TableOperations {
    private final FileIO io;
    private final String location;
    private TableMetadata current;
    private int number;

    Operations(FileIO io, String location) {
      this.io = io;
      this.location = location;
    }

    @Override
    public TableMetadata current() {
      return current;
    }

    @Override
    public TableMetadata refresh() {
      return current;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
      String path =
          metadataFileLocation("%05d-%s.metadata.json".formatted(number++, UUID.randomUUID()));
      TableMetadataParser.write(metadata, io.newOutputFile(path));
      current = TableMetadataParser.read(io, path);
    }

    @Override
    public FileIO io() {
      return io;
    }

    @Override
    public String metadataFileLocation(String name) {
      return location + "/metadata/" + name;
    }

    @Override
    public LocationProvider locationProvider() {
      return LocationProviders.locationsFor(location, Map.of());
    }
  }
}
