/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.data.DefaultJsonRow;
import io.delta.kernel.defaults.internal.data.DefaultRowBasedColumnarBatch;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.github.deltasharing.source.kernel.KernelSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the JSON files of one table's log, an action a line. Kernel's own handler takes a blank
 * line for an action, and does not say where a line is that it cannot read. Immutable, safe for use
 * by several threads; each reading is used by one.
 */
final class LogJsonHandler implements JsonHandler {
  private static final int BATCH_LINES = 1024;
  private static final List<String> FILE_ACTIONS = List.of("add", "remove", "cdc");
  private static final Pattern MISSING = Pattern.compile("Root node at key (\\S+) is null");

  /** As Kernel reads: decimals are not to become floats. */
  private static final ObjectReader JSON =
      new ObjectMapper().reader(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final DeltaTable table;
  private final LogFileSystem log;

  LogJsonHandler(DeltaTable table, LogFileSystem log) {
    this.table = table;
    this.log = log;
  }

  @Override
  public CloseableIterator<ColumnarBatch> readJsonFiles(
      CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate) {
    return new Reading(files, schema);
  }

  /** For statistics, by which Kernel is not asked to skip files. */
  @Override
  public ColumnarBatch parseJson(
      ColumnVector texts, StructType schema, Optional<ColumnVector> selection) {
    throw new UnsupportedOperationException("Kernel is given no predicates");
  }

  @Override
  public void writeJsonFileAtomically(String path, CloseableIterator<Row> rows, boolean overwrite) {
    throw new UnsupportedOperationException("Tables are read only");
  }

  /** What Kernel is given of a line. */
  private ObjectNode prepared(JsonNode line) {
    ObjectNode action = (ObjectNode) line;
    for (String name : FILE_ACTIONS) {
      if (action.get(name) instanceof ObjectNode file && file.path("path").isTextual()) {
        String path = file.get("path").textValue();
        file.put("path", LogPaths.canonical(table, path));
      }
    }
    if (action.get("sidecar") instanceof ObjectNode sidecar && sidecar.path("path").isTextual()) {
      sidecar.put("path", SidecarNames.forKernel(sidecar.get("path").textValue()));
    }
    if (action.get("metaData") instanceof ObjectNode metadata) {
      KernelSchema.prepare(metadata);
    }
    if (action.get("protocol") instanceof ObjectNode protocol) {
      DataFileFeatures.prepare(protocol);
    }
    return action;
  }

  /** The lines of some files, in order. */
  private final class Reading implements CloseableIterator<ColumnarBatch> {
    private final CloseableIterator<FileStatus> files;
    private final StructType schema;
    private String name = "";
    private BufferedReader reader;
    private int lineNumber;
    private String line;

    Reading(CloseableIterator<FileStatus> files, StructType schema) {
      this.files = files;
      this.schema = schema;
    }

    @Override
    public boolean hasNext() {
      try {
        while (line == null) {
          if (reader == null && !open()) {
            return false;
          }
          line = reader.readLine();
          lineNumber++;
          if (line == null) {
            reader.close();
            reader = null;
          } else if (line.isBlank()) {
            line = null;
          }
        }
        return true;
      } catch (IOException e) {
        throw LogFailures.ofDisk(name, e);
      }
    }

    private boolean open() throws IOException {
      if (!files.hasNext()) {
        return false;
      }
      String path = files.next().getPath();
      name = path.substring(path.lastIndexOf('/') + 1);
      lineNumber = 0;
      reader = new BufferedReader(new InputStreamReader(log.open(path), StandardCharsets.UTF_8));
      return true;
    }

    @Override
    public ColumnarBatch next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      List<Row> rows = new ArrayList<>();
      do {
        rows.add(row(line));
        line = null;
      } while (rows.size() < BATCH_LINES && hasNext());
      return new DefaultRowBasedColumnarBatch(schema, rows);
    }

    private Row row(String text) {
      try {
        JsonNode json = JSON.readTree(text);
        if (json == null || !json.isObject()) {
          throw new LogDefect(where() + " is no JSON object", null);
        }
        return new DefaultJsonRow(prepared(json), schema);
      } catch (JsonProcessingException e) {
        throw new LogDefect(
            where() + " is no JSON (is the file only half written, or damaged?)", e);
      } catch (LogDefect e) {
        throw e;
      } catch (RuntimeException e) {
        Matcher missing = MISSING.matcher(String.valueOf(e.getMessage()));
        String what =
            missing.find()
                ? " lacks " + missing.group(1) + ", which the Delta protocol requires"
                : " is no action of the Delta protocol";
        throw new LogDefect(where() + what, e);
      }
    }

    private String where() {
      return "line " + lineNumber + " of " + name;
    }

    @Override
    public void close() throws IOException {
      if (reader != null) {
        reader.close();
      }
      files.close();
    }
  }
}
