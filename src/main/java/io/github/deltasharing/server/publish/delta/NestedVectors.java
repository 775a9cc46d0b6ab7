/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish.delta;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.internal.data.vector.DefaultGenericVector;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructType;

/**
 * Values as Kernel's columns: a struct's are arrays of its fields, an array's are arrays, a map's
 * are two of them, keys and values. Stateless.
 */
final class NestedVectors {
  private NestedVectors() {}

  static ColumnVector of(DataType type, Object[] values) {
    if (type instanceof StructType struct) {
      return new Structs(struct, values);
    }
    if (type instanceof ArrayType array) {
      Object[] arrays = new Object[values.length];
      for (int i = 0; i < values.length; i++) {
        arrays[i] =
            values[i] == null
                ? null
                : new Elements(of(array.getElementType(), (Object[]) values[i]));
      }
      return DefaultGenericVector.fromArray(type, arrays);
    }
    if (type instanceof MapType map) {
      Object[] maps = new Object[values.length];
      for (int i = 0; i < values.length; i++) {
        Object[] parts = (Object[]) values[i];
        maps[i] =
            parts == null
                ? null
                : new Entries(
                    of(map.getKeyType(), (Object[]) parts[0]),
                    of(map.getValueType(), (Object[]) parts[1]));
      }
      return DefaultGenericVector.fromArray(type, maps);
    }
    return DefaultGenericVector.fromArray(type, values);
  }

  private record Elements(ColumnVector elements) implements ArrayValue {
    @Override
    public int getSize() {
      return elements.getSize();
    }

    @Override
    public ColumnVector getElements() {
      return elements;
    }
  }

  private record Entries(ColumnVector keys, ColumnVector values) implements MapValue {
    @Override
    public int getSize() {
      return keys.getSize();
    }

    @Override
    public ColumnVector getKeys() {
      return keys;
    }

    @Override
    public ColumnVector getValues() {
      return values;
    }
  }

  /** Structs, field by field. */
  private static final class Structs implements ColumnVector {
    private final StructType type;
    private final Object[] structs;
    private final ColumnVector[] fields;

    Structs(StructType type, Object[] structs) {
      this.type = type;
      this.structs = structs;
      this.fields = new ColumnVector[type.length()];
      for (int field = 0; field < fields.length; field++) {
        Object[] values = new Object[structs.length];
        for (int i = 0; i < structs.length; i++) {
          values[i] = structs[i] == null ? null : ((Object[]) structs[i])[field];
        }
        fields[field] = of(type.at(field).getDataType(), values);
      }
    }

    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return structs.length;
    }

    @Override
    public boolean isNullAt(int row) {
      return structs[row] == null;
    }

    @Override
    public ColumnVector getChild(int field) {
      return fields[field];
    }

    @Override
    public void close() {
      // All of it is on the heap.
    }
  }
}
