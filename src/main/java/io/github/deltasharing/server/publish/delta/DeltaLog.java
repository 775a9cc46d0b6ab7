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
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.TableFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** The actions of a table's log, and what is in its commits. Stateless. */
public final class DeltaLog {
  static final String DIRECTORY = "_delta_log";
  private static final String COLUMN_MAPPING = "columnMapping";
  private static final String LOCAL_TIMES = "timestampNtz";
  private static final int FEATURES_READER = 3;
  private static final int FEATURES_WRITER = 7;
  private static final int MAPPING_READER = 2;
  private static final int MAPPING_WRITER = 5;

  private static final Pattern COMMIT = Pattern.compile("\\d{20}\\.json");
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

  /** Actions as a commit has them. */
  static String text(Collection<ObjectNode> actions) {
    StringBuilder text = new StringBuilder();
    actions.forEach(action -> text.append(action).append('\n'));
    return text.toString();
  }

  /** The versions whose commits are there, from one on, and when they were made. */
  static NavigableMap<Long, Instant> commits(TablePlace place, long from) throws IOException {
    NavigableMap<Long, Instant> commits = new TreeMap<>();
    for (ListedFile file : place.log(String.format(Locale.ROOT, "%020d", from))) {
      if (COMMIT.matcher(file.name()).matches()) {
        commits.put(version(file.name()), file.lastModified());
      }
    }
    return commits;
  }

  /** The version that a file of a log is of. */
  static long version(String name) {
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  /** What a version's commit notes; empty text if it notes nothing, nothing if there is none. */
  public static Optional<String> note(TablePlace place, long version) throws IOException {
    Optional<InputStream> commit = place.open(version);
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    try (BufferedReader lines = lines(commit.get())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode info = JSON.readTree(line).path("commitInfo");
        if (info.isObject()) {
          return Optional.of(info.path("userMetadata").asText());
        }
      }
      return Optional.of("");
    }
  }

  /**
   * Whether a version from one on may have one of these files: a commit adds it, or is not there
   * any more.
   */
  public static boolean mayHave(TablePlace place, long from, Set<String> names) throws IOException {
    NavigableMap<Long, Instant> commits = commits(place, from);
    long last = commits.isEmpty() ? from - 1 : commits.lastKey();
    for (long version = from; version <= last; version++) {
      Optional<Set<String>> added = paths(place, version, "add");
      if (added.isEmpty() || !Collections.disjoint(added.get(), names)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The paths below the table's directory that a version's commit names; empty if there is none.
   *
   * @param action {@code add} or {@code remove}
   */
  static Optional<Set<String>> paths(TablePlace place, long version, String action)
      throws IOException {
    Optional<InputStream> commit = place.open(version);
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    Set<String> paths = new HashSet<>();
    try (BufferedReader lines = lines(commit.get())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode path = JSON.readTree(line).path(action).path("path");
        if (path.isTextual()) {
          paths.add(decoded(path.asText()));
        }
      }
    }
    return Optional.of(paths);
  }

  /** An absolute path as it is. */
  private static String decoded(String path) {
    try {
      URI uri = new URI(path);
      return uri.isAbsolute() || uri.getPath() == null ? path : uri.getPath();
    } catch (URISyntaxException e) {
      return path;
    }
  }

  private static BufferedReader lines(InputStream commit) {
    return new BufferedReader(new InputStreamReader(commit, StandardCharsets.UTF_8));
  }
}
