/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.github.deltasharing.source.kernel.KernelSchema;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Columns of a checkpoint as Kernel is to see them: what {@link LogJsonHandler} does to a commit's
 * lines, done to vectors. Stateless.
 */
final class CheckpointVectors {
  private CheckpointVectors() {}

  /** Adds or removes, with the one spelling of each file. */
  static ColumnVector files(DeltaTable table, ColumnVector files) {
    return withPath(files, path -> LogPaths.canonical(table, path));
  }

  /** Sidecars, with names that Kernel takes. */
  static ColumnVector sidecars(ColumnVector sidecars) {
    return withPath(sidecars, SidecarNames::forKernel);
  }

  private static ColumnVector withPath(ColumnVector struct, UnaryOperator<String> change) {
    int path = ((StructType) struct.getDataType()).indexOf("path");
    if (path < 0) {
      return struct;
    }
    return withChild(
        struct,
        path,
        new Delegate(struct.getChild(path)) {
          @Override
          public String getString(int row) {
            String text = super.getString(row);
            return text == null ? null : change.apply(text);
          }
        });
  }

  /** Metadata, with a schema that Kernel can parse. */
  static ColumnVector metadata(ColumnVector metadata) {
    StructType type = (StructType) metadata.getDataType();
    int schema = type.indexOf("schemaString");
    int configuration = type.indexOf("configuration");
    if (schema < 0 || configuration < 0) {
      return metadata;
    }
    ColumnVector schemas = metadata.getChild(schema);
    ColumnVector parsed =
        new Delegate(schemas) {
          @Override
          public String getString(int row) {
            String text = super.getString(row);
            return forKernel(schemas, row).orElse(text);
          }
        };
    ColumnVector carrying =
        new Delegate(metadata.getChild(configuration)) {
          @Override
          public MapValue getMap(int row) {
            MapValue map = super.getMap(row);
            if (forKernel(schemas, row).isEmpty()) {
              return map;
            }
            Map<String, String> properties = VectorUtils.toJavaMap(map);
            return VectorUtils.stringStringMapValue(
                KernelSchema.carrying(properties, schemas.getString(row)));
          }
        };
    return withChild(withChild(metadata, schema, parsed), configuration, carrying);
  }

  /** Protocols, with reader features that Kernel takes. */
  static ColumnVector protocol(ColumnVector protocol) {
    StructType type = (StructType) protocol.getDataType();
    int reader = type.indexOf("readerFeatures");
    int writer = type.indexOf("writerFeatures");
    if (reader < 0 || writer < 0) {
      return protocol;
    }
    ColumnVector readers = protocol.getChild(reader);
    ColumnVector writers = protocol.getChild(writer);
    return withChild(
        protocol,
        reader,
        new Delegate(readers) {
          @Override
          public ArrayValue getArray(int row) {
            return readers.isNullAt(row) || writers.isNullAt(row)
                ? readers.getArray(row)
                : VectorUtils.stringArrayValue(
                    DataFileFeatures.forKernel(
                        VectorUtils.toJavaList(readers.getArray(row)),
                        VectorUtils.toJavaList(writers.getArray(row))));
          }
        });
  }

  private static Optional<String> forKernel(ColumnVector schemas, int row) {
    return schemas.isNullAt(row)
        ? Optional.empty()
        : KernelSchema.forKernel(schemas.getString(row));
  }

  private static ColumnVector withChild(ColumnVector struct, int ordinal, ColumnVector child) {
    return new Delegate(struct) {
      @Override
      public ColumnVector getChild(int wanted) {
        return wanted == ordinal ? child : super.getChild(wanted);
      }
    };
  }

  /**
   * Another vector: a struct, or one of texts, lists or maps; those of other types are not
   * replaced.
   */
  private abstract static class Delegate implements ColumnVector {
    private final ColumnVector vector;

    Delegate(ColumnVector vector) {
      this.vector = vector;
    }

    @Override
    public DataType getDataType() {
      return vector.getDataType();
    }

    @Override
    public int getSize() {
      return vector.getSize();
    }

    @Override
    public boolean isNullAt(int row) {
      return vector.isNullAt(row);
    }

    @Override
    public String getString(int row) {
      return vector.getString(row);
    }

    @Override
    public ArrayValue getArray(int row) {
      return vector.getArray(row);
    }

    @Override
    public MapValue getMap(int row) {
      return vector.getMap(row);
    }

    @Override
    public ColumnVector getChild(int ordinal) {
      return vector.getChild(ordinal);
    }

    @Override
    public void close() {
      vector.close();
    }
  }
}
