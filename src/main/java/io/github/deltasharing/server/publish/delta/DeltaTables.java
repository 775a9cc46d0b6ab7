/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableSnapshot;
import io.github.deltasharing.source.TableSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Makes versions of Delta tables of data files that are in their places. Stateless. */
public final class DeltaTables {
  private static final int ATTEMPTS = 10;
  private static final Set<String> FEATURES =
      Set.of(
          "appendOnly",
          "invariants",
          "checkConstraints",
          "changeDataFeed",
          "generatedColumns",
          "columnMapping",
          "timestampNtz");

  private DeltaTables() {}

  /** Which way files become a version of a table that is there. */
  public enum Mode {
    APPEND,
    REPLACE
  }

  /**
   * Makes files that a place has taken a table, its first version.
   *
   * @param note what the commit is to say of it, as {@code userMetadata}
   */
  public static void create(
      TablePlace place, DeltaSchema schema, List<DataFile> files, String note, long now)
      throws IOException {
    List<ObjectNode> actions = new ArrayList<>();
    actions.add(
        DeltaLog.commitInfo(
            "CREATE TABLE AS SELECT",
            Map.of("isManaged", "false", "partitionBy", "[]"),
            true,
            rows(files),
            note,
            now));
    actions.add(DeltaLog.toAction(DeltaLog.protocol(schema)));
    actions.add(DeltaLog.metadata(UUID.randomUUID().toString(), now, schema));
    files.forEach(file -> actions.add(DeltaLog.add(file)));
    place.commit(0, DeltaLog.text(actions));
  }

  /** Whether readers need a client of the Delta format. */
  public static boolean needsDeltaFormat(DeltaSchema schema) {
    return DeltaLog.protocol(schema).minReaderVersion() > 1;
  }

  /**
   * The columns of a table.
   *
   * @throws ServerError 409 when it is not as publications write it
   */
  public static DeltaSchema schema(TableSnapshot table) {
    Protocol protocol = table.protocol();
    if (!FEATURES.containsAll(protocol.readerFeatures())
        || !FEATURES.containsAll(protocol.writerFeatures())
        || protocol.readerFeatures().isEmpty() && protocol.minWriterVersion() > 6) {
      throw DeltaSchema.changed();
    }
    return DeltaSchema.of(table.metadata());
  }

  /**
   * Makes files that a place has taken its table's next version.
   *
   * @param expected the schema that the files were written by; replacing, that of the next version
   * @param note what the commit is to say of it, as {@code userMetadata}
   * @return the version
   * @throws ServerError 409 when the table changes meanwhile to something else
   */
  public static long change(
      TablePlace place,
      TableSource source,
      Mode mode,
      DeltaSchema expected,
      List<DataFile> files,
      String note,
      long now)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      TableSnapshot before = source.latest();
      try {
        place.commit(
            before.version() + 1, DeltaLog.text(actions(before, mode, expected, files, note, now)));
        return before.version() + 1;
      } catch (FileAlreadyExistsException e) {
        // Somebody else was faster: the next version is another one.
      }
    }
    throw new ServerError(
        409, ServerError.INVALID_STATE, "Others write to the table all the time. Try again later");
  }

  private static List<ObjectNode> actions(
      TableSnapshot before,
      Mode mode,
      DeltaSchema expected,
      List<DataFile> files,
      String note,
      long now)
      throws IOException {
    DeltaSchema schema = schema(before);
    List<ObjectNode> actions = new ArrayList<>();
    boolean append = mode == Mode.APPEND;
    actions.add(
        DeltaLog.commitInfo(
            "WRITE",
            Map.of("mode", append ? "Append" : "Overwrite", "partitionBy", "[]"),
            append,
            rows(files),
            note,
            now));
    if (append) {
      if (!schema.equals(expected)) {
        throw new ServerError(
            409,
            ServerError.INVALID_STATE,
            "The table's columns changed while the file was read. Publish the file again");
      }
    } else {
      Protocol upgraded = DeltaLog.upgrade(before.protocol(), expected);
      if (upgraded.minReaderVersion() != before.protocol().minReaderVersion()
          || !upgraded.readerFeatures().equals(before.protocol().readerFeatures())) {
        actions.add(DeltaLog.toAction(upgraded));
      }
      if (!schema.equals(expected)) {
        actions.add(DeltaLog.metadata(before.metadata(), expected, now));
      }
      try (TableFileIterator old = before.files()) {
        while (old.hasNext()) {
          actions.add(DeltaLog.remove(old.next(), now));
        }
      }
    }
    files.forEach(file -> actions.add(DeltaLog.add(file)));
    return actions;
  }

  private static long rows(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::rows).sum();
  }
}
