/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.github.deltasharing.protocol.ChangeFile.Kind;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Some lines of one commit, each an action or something that is of no interest. Immutable. */
final class CommitBatch {
  /** What adds, removes and change files have; old writers left some of it out. */
  private static final StructType FILE =
      new StructType()
          .add("path", StringType.STRING, false)
          .add("partitionValues", new MapType(StringType.STRING, StringType.STRING, true))
          .add("size", LongType.LONG)
          .add("dataChange", BooleanType.BOOLEAN)
          .add("deletionVector", DeletionVectorDescriptor.READ_SCHEMA)
          .add("modificationTime", LongType.LONG)
          .add("deletionTimestamp", LongType.LONG)
          .add("stats", StringType.STRING);

  /** What is read of a commit. */
  static final StructType SCHEMA =
      new StructType()
          .add("protocol", Protocol.FULL_SCHEMA)
          .add("metaData", Metadata.FULL_SCHEMA)
          .add("add", FILE)
          .add("remove", FILE)
          .add("cdc", FILE);

  private final ColumnarBatch batch;
  private final ColumnVector protocols;
  private final ColumnVector metadatas;

  CommitBatch(ColumnarBatch batch) {
    this.batch = batch;
    this.protocols = column("protocol");
    this.metadatas = column("metaData");
  }

  private ColumnVector column(String name) {
    return batch.getColumnVector(batch.getSchema().indexOf(name));
  }

  int size() {
    return batch.getSize();
  }

  /** The commit's version. */
  long version() {
    return column("version").getLong(0);
  }

  Optional<Protocol> protocol(int row) {
    return Optional.ofNullable(Protocol.fromColumnVector(protocols, row));
  }

  Optional<Metadata> metadata(int row) {
    return Optional.ofNullable(Metadata.fromColumnVector(metadatas, row));
  }

  /** The file in a line, if there is one. */
  Optional<FileAction> file(int row) {
    for (Kind kind : Kind.values()) {
      ColumnVector files = column(kind.name().toLowerCase(Locale.ROOT));
      if (!files.isNullAt(row)) {
        return Optional.of(new FileAction(kind, files, row));
      }
    }
    return Optional.empty();
  }

  /** A file as the log has it. */
  static final class FileAction {
    private final Kind kind;
    private final ColumnVector files;
    private final int row;

    private FileAction(Kind kind, ColumnVector files, int row) {
      this.kind = kind;
      this.files = files;
      this.row = row;
    }

    Kind kind() {
      return kind;
    }

    /** The log's path. */
    String path() {
      return field("path").getString(row);
    }

    /** Whether the table's rows are others afterwards. */
    boolean dataChange() {
      return field("dataChange").isNullAt(row) || field("dataChange").getBoolean(row);
    }

    Optional<Map<String, String>> partitionValues() {
      ColumnVector values = field("partitionValues");
      return values.isNullAt(row)
          ? Optional.empty()
          : Optional.of(VectorUtils.toJavaMap(values.getMap(row)));
    }

    /** Whether an add has all that the Delta protocol requires of it. */
    boolean isComplete() {
      return partitionValues().isPresent()
          && size().isPresent()
          && time().isPresent()
          && !field("dataChange").isNullAt(row);
    }

    OptionalLong size() {
      return number("size");
    }

    /** When the file was made or removed. */
    OptionalLong time() {
      return number(kind == Kind.REMOVE ? "deletionTimestamp" : "modificationTime");
    }

    Optional<String> stats() {
      ColumnVector stats = field("stats");
      return stats.isNullAt(row) || kind != Kind.ADD
          ? Optional.empty()
          : Optional.of(stats.getString(row));
    }

    Optional<DeletionVectorDescriptor> deletionVector() {
      return Optional.ofNullable(
          DeletionVectorDescriptor.fromColumnVector(field("deletionVector"), row));
    }

    private OptionalLong number(String name) {
      ColumnVector numbers = field(name);
      return numbers.isNullAt(row) ? OptionalLong.empty() : OptionalLong.of(numbers.getLong(row));
    }

    private ColumnVector field(String name) {
      return files.getChild(FILE.indexOf(name));
    }
  }
}
