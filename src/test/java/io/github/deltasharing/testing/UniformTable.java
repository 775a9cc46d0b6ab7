/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Files;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
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
  private static final ObjectMapper MAPPER = new ObjectMapper();
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
        // Not as a new table of Iceberg's, which would number the columns anew.
        TableMetadata.buildFromEmpty(2)
            .assignUUID()
            .setLocation(location)
            .setCurrentSchema(schema, schema.highestFieldId())
            .setDefaultPartitionSpec(spec)
            .setDefaultSortOrder(SortOrder.unsorted())
            .setProperties(Map.of(DELTA_VERSION, String.valueOf(version)))
            .build());
  }

  /**
   * Writes the metadata of a Delta table's newest version beside its log, whose commits are JSON,
   * and has the log say that it is kept.
   */
  public static UniformTable of(Path directory, String location) throws IOException {
    Map<String, JsonNode> files = new LinkedHashMap<>();
    JsonNode line = null;
    long version = 0;
    for (Path commit = log(directory, version); commit.toFile().exists(); ) {
      for (String action : java.nio.file.Files.readAllLines(commit)) {
        JsonNode json = MAPPER.readTree(action);
        line = json.has("metaData") ? json : line;
        if (json.has("add")) {
          files.put(json.at("/add/path").asText(), json.path("add"));
        }
        files.remove(json.at("/remove/path").asText());
      }
      commit = log(directory, ++version);
    }
    ((ObjectNode) line.at("/metaData/configuration"))
        .put("delta.universalFormat.enabledFormats", "iceberg");
    new WrittenLog(directory).commit(version, line.toString());
    long last = version;
    JsonNode metadata = line.path("metaData");
    Schema schema = DeltaSchemas.iceberg(MAPPER.readTree(metadata.path("schemaString").asText()));
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    metadata.path("partitionColumns").forEach(column -> spec.identity(column.asText()));
    UniformTable table = new UniformTable(directory, location, schema, spec.build(), last);
    return table.commit(
        last,
        changes -> {
          AppendFiles append = changes.newAppend();
          files.values().forEach(add -> append.appendFile(table.dataFile(add)));
          append.commit();
        });
  }

  private static Path log(Path directory, long version) {
    return directory.resolve("_delta_log").resolve("%020d.json".formatted(version));
  }

  private DataFile dataFile(JsonNode add) {
    PartitionSpec spec = table().spec();
    List<String> partition = new ArrayList<>();
    // By physical names, of which there is one for each column here.
    add.path("partitionValues")
        .forEach(value -> partition.add(value.isNull() ? null : value.asText()));
    try {
      return DataFiles.builder(spec)
          .withPath(
              operations.location
                  + "/"
                  + URLDecoder.decode(add.path("path").asText(), StandardCharsets.UTF_8))
          .withFormat(FileFormat.PARQUET)
          .withFileSizeInBytes(add.path("size").asLong())
          .withPartitionValues(partition)
          .withRecordCount(MAPPER.readTree(add.path("stats").asText()).path("numRecords").asLong())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
