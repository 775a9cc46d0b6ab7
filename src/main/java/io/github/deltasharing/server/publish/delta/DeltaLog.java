/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.source.TableFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a table on this machine's disks: its actions, and commits as a whole. Stateless. */
public final class DeltaLog {
  private static final Logger LOG = LoggerFactory.getLogger(DeltaLog.class);
  private static final String DIRECTORY = "_delta_log";
  private static final String COLUMN_MAPPING = "columnMapping";
  private static final String LOCAL_TIMES = "timestampNtz";
  private static final int FEATURES_READER = 3;
  private static final int FEATURES_WRITER = 7;
  private static final int MAPPING_READER = 2;
  private static final int MAPPING_WRITER = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  private DeltaLog() {}

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** What a table has to say of itself: the least that the schema needs. */
  static Protocol protocol(DeltaSchema schema) {
    if (schema.hasLocalTimes()) {
      Set<String> readers = new LinkedHashSet<>(List.of(LOCAL_TIMES));
      Set<String> writers = new LinkedHashSet<>(List.of("appendOnly", "invariants", LOCAL_TIMES));
      if (schema.mapped()) {
        readers.add(COLUMN_MAPPING);
        writers.add(COLUMN_MAPPING);
      }
      return new Protocol(FEATURES_READER, FEATURES_WRITER, readers, writers, null);
    }
    return schema.mapped()
        ? new Protocol(MAPPING_READER, MAPPING_WRITER, Set.of(), Set.of(), null)
        : new Protocol(1, 2, Set.of(), Set.of(), null);
  }

  /** One that has what another had, too. */
  static Protocol upgrade(Protocol before, DeltaSchema schema) {
    Protocol needed = protocol(schema);
    if (before.minReaderVersion() < FEATURES_READER
        && needed.minReaderVersion() < FEATURES_READER) {
      return needed.minReaderVersion() > before.minReaderVersion() ? needed : before;
    }
    Set<String> readers = new LinkedHashSet<>(needed.readerFeatures());
    Set<String> writers = new LinkedHashSet<>(needed.writerFeatures());
    readers.addAll(before.readerFeatures());
    writers.addAll(before.writerFeatures());
    writers.addAll(List.of("appendOnly", "invariants"));
    if (schema.mapped()) {
      readers.add(COLUMN_MAPPING);
      writers.add(COLUMN_MAPPING);
    }
    if (before.minWriterVersion() == MAPPING_WRITER) {
      writers.addAll(List.of("checkConstraints", "changeDataFeed", "generatedColumns"));
    }
    return new Protocol(FEATURES_READER, FEATURES_WRITER, readers, writers, null);
  }

  static ObjectNode toAction(Protocol protocol) {
    ObjectNode action = object();
    ObjectNode json = action.putObject("protocol");
    json.put("minReaderVersion", protocol.minReaderVersion());
    json.put("minWriterVersion", protocol.minWriterVersion());
    if (protocol.minReaderVersion() >= FEATURES_READER) {
      protocol.readerFeatures().forEach(json.putArray("readerFeatures")::add);
    }
    if (protocol.minWriterVersion() >= FEATURES_WRITER) {
      protocol.writerFeatures().forEach(json.putArray("writerFeatures")::add);
    }
    return action;
  }

  static ObjectNode metadata(String id, long created, DeltaSchema schema) {
    ObjectNode action = object();
    ObjectNode json = action.putObject("metaData").put("id", id);
    json.putObject("format").put("provider", "parquet").putObject("options");
    json.put("schemaString", schema.toJson()).putArray("partitionColumns");
    ObjectNode properties = json.putObject("configuration");
    new TreeMap<>(schema.properties()).forEach(properties::put);
    json.put("createdTime", created);
    return action;
  }

  static ObjectNode metadata(Metadata before, DeltaSchema schema, long now) {
    return metadata(before.id(), before.createdTime() == null ? now : before.createdTime(), schema);
  }

  static ObjectNode add(DataFile file) {
    ObjectNode action = object();
    ObjectNode json = action.putObject("add").put("path", path(file.name()));
    json.putObject("partitionValues");
    json.put("size", file.size()).put("modificationTime", file.modified());
    json.put("dataChange", true).put("stats", file.statistics());
    return action;
  }

  static ObjectNode remove(TableFile file, long now) {
    ObjectNode action = object();
    ObjectNode json = action.putObject("remove").put("path", path(file.relativePath()));
    json.put("deletionTimestamp", now).put("dataChange", true);
    json.put("extendedFileMetadata", true).putObject("partitionValues");
    json.put("size", file.size());
    return action;
  }

  private static String path(String relative) {
    try {
      return new URI(null, null, relative, null).toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode commitInfo(
      String operation,
      Map<String, String> parameters,
      boolean append,
      long rows,
      String note,
      long now) {
    ObjectNode action = object();
    ObjectNode json = action.putObject("commitInfo").put("timestamp", now);
    json.put("operation", operation);
    ObjectNode values = json.putObject("operationParameters");
    parameters.forEach(values::put);
    json.put("isBlindAppend", append)
        .put("userMetadata", note)
        .put("engineInfo", "delta-sharing-server");
    json.putObject("operationMetrics").put("numOutputRows", String.valueOf(rows));
    json.put("txnId", UUID.randomUUID().toString());
    return action;
  }

  /**
   * Makes a version of a table, whole or not at all.
   *
   * @throws FileAlreadyExistsException when somebody else made it
   */
  static void commit(Path table, long version, Collection<ObjectNode> actions) throws IOException {
    Path log = table.resolve(DIRECTORY);
    Files.createDirectories(log);
    Path commit = commit(table, version);
    Path draft = log.resolve("." + UUID.randomUUID() + ".tmp");
    try {
      StringBuilder text = new StringBuilder();
      actions.forEach(action -> text.append(action).append('\n'));
      write(draft, text.toString());
      link(commit, draft);
    } catch (IOException | RuntimeException e) {
      delete(draft);
      throw e;
    }
    // Readers see the version from here on: nothing may say that it failed any more.
    try {
      force(log);
    } catch (IOException e) {
      LOG.warn("Whether commit {} outlives a loss of power is not known: {}", commit, e.toString());
    }
    delete(draft);
  }

  /** Unlike a move, this fails when the commit is there. */
  private static void link(Path commit, Path draft) throws IOException {
    try {
      Files.createLink(commit, draft);
    } catch (FileAlreadyExistsException e) {
      // A network's file system may ask twice, and hear of its own link.
      if (!Files.isSameFile(commit, draft)) {
        throw e;
      }
    }
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      LOG.warn("The draft of a commit could not be deleted: {}", e.toString());
    }
  }

  private static Path commit(Path table, long version) {
    return table.resolve(DIRECTORY).resolve(String.format(Locale.ROOT, "%020d.json", version));
  }

  /** What a version's commit notes; empty text if it notes nothing, nothing if there is none. */
  public static Optional<String> note(Path table, long version) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(commit(table, version))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode info = JSON.readTree(line).path("commitInfo");
        if (info.isObject()) {
          return Optional.of(info.path("userMetadata").asText());
        }
      }
      return Optional.of("");
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** A directory's entries outlive a loss of power. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
