package io.github.deltasharing.parquet;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.SharedFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * The types that a file has for columns which the table widened after the file was written (Delta
 * protocol, "Type Widening"). A file is asked for its own types; {@link WidenedColumnVector} makes
 * the table's of them. Immutable.
 */
final class FileTypes {
  private final ColumnMatcher matcher;

  FileTypes(ColumnMatcher matcher) {
    this.matcher = matcher;
  }

  /**
   * The schema to ask a file for: {@code wanted} itself where nothing was widened.
   *
   * @throws io.github.deltasharing.error.SharingException if a column is of a type that is neither
   *     the one wanted nor one that grew to it
   */
  StructType of(StructType wanted, GroupType schema, SharedFile file) {
    return of(wanted, schema, new Place(file, ""));
  }

  /** Where in a file a type stands, for messages. */
  private record Place(SharedFile file, String column) {
    Place of(StructField field) {
      String name =
          field.metadata().contains(ParquetOpener.COLUMN_NAME)
              ? field.metadata().getString(ParquetOpener.COLUMN_NAME)
              : field.name();
      return new Place(file, column.isEmpty() ? name : column + "." + name);
    }

    SharingException missing() {
      return FileErrors.missingColumn(file.table(), file.id(), file.url().host(), column);
    }

    SharingException mismatch(DataType wanted, Type inFile) {
      LogicalTypeAnnotation annotation = inFile.getLogicalTypeAnnotation();
      String stored =
          (inFile.isPrimitive()
                  ? inFile.asPrimitiveType().getPrimitiveTypeName().toString()
                  : "a group")
              + (annotation == null ? "" : " (" + annotation + ")");
      // A nested type has names in it, those in files.
      String promised = isNested(wanted) ? wanted.typeName() : wanted.simpleString();
      return FileErrors.wrongColumnType(
          file.table(), file.id(), file.url().host(), column, stored, promised);
    }
  }

  private static boolean isNested(DataType type) {
    return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
  }

  private StructType of(StructType wanted, GroupType file, Place place) {
    StructField[] fields = wanted.fields().clone();
    boolean same = true;
    for (int i = 0; i < fields.length; i++) {
      Type inFile = matcher.find(fields[i], file);
      if (inFile == null && !fields[i].nullable()) {
        // Spark's readers would fail without names, or make zeros of it.
        throw place.of(fields[i]).missing();
      }
      DataType type =
          inFile == null
              ? fields[i].dataType()
              : of(fields[i].dataType(), inFile, place.of(fields[i]));
      if (type != fields[i].dataType()) {
        same = false;
        fields[i] =
            new StructField(fields[i].name(), type, fields[i].nullable(), fields[i].metadata());
      }
    }
    return same ? wanted : new StructType(fields);
  }

  private DataType of(DataType wanted, Type inFile, Place place) {
    if (!TypeMatch.matches(wanted, inFile)) {
      throw place.mismatch(wanted, inFile);
    }
    if (inFile.isPrimitive()) {
      return narrower(wanted, inFile.asPrimitiveType(), place);
    }
    GroupType group = inFile.asGroupType();
    if (wanted instanceof StructType struct) {
      return of(struct, group, place);
    }
    // Lists and maps of the standard shape: one repeated group of one or two fields.
    if (group.getFieldCount() != 1 || group.getType(0).isPrimitive()) {
      return wanted;
    }
    GroupType repeated = group.getType(0).asGroupType();
    if (wanted instanceof ArrayType && isElement(inFile, repeated)) {
      return wanted;
    }
    if (wanted instanceof ArrayType array && repeated.getFieldCount() == 1) {
      DataType element = of(array.elementType(), repeated.getType(0), place);
      return element == array.elementType() ? wanted : new ArrayType(element, array.containsNull());
    }
    if (wanted instanceof MapType map && repeated.getFieldCount() == 2) {
      DataType key = of(map.keyType(), repeated.getType(0), place);
      DataType value = of(map.valueType(), repeated.getType(1), place);
      return key == map.keyType() && value == map.valueType()
          ? wanted
          : new MapType(key, value, map.valueContainsNull());
    }
    return wanted;
  }

  /**
   * Whether a list's repeated group is its element, as old writers have it (Parquet's rules for
   * backward compatibility of lists). Such files are read as they are: no table that widens types
   * has them.
   */
  private static boolean isElement(Type list, GroupType repeated) {
    return list.isRepetition(Type.Repetition.REPEATED)
        || repeated.getName().equals("array")
        || repeated.getName().equals(list.getName() + "_tuple");
  }

  private static DataType narrower(DataType wanted, PrimitiveType inFile, Place place) {
    DataType stored = stored(inFile);
    if (stored == null || stored.equals(wanted)) {
      return wanted;
    }
    boolean integral = stored.equals(DataTypes.IntegerType);
    boolean widened =
        (wanted instanceof LongType && integral)
            || (wanted instanceof DoubleType && (integral || stored.equals(DataTypes.FloatType)))
            || (wanted instanceof TimestampNTZType && stored.equals(DataTypes.DateType))
            || (wanted instanceof DecimalType decimal && widensTo(stored, decimal));
    if (!widened && wanted instanceof DecimalType && stored instanceof DecimalType) {
      // Spark's row reader would round.
      throw place.mismatch(wanted, inFile);
    }
    return widened ? stored : wanted;
  }

  private static boolean widensTo(DataType stored, DecimalType wanted) {
    int scale = stored instanceof DecimalType decimal ? decimal.scale() : 0;
    int integerDigits =
        stored instanceof DecimalType decimal
            ? decimal.precision() - decimal.scale()
            : stored.equals(DataTypes.IntegerType)
                ? 10
                : stored.equals(DataTypes.LongType) ? 19 : 39;
    // A file written as BYTE or SHORT holds INT32 too: three digits may have become DECIMAL(3, 0).
    boolean fits =
        !(stored instanceof DecimalType) || wanted.precision() - wanted.scale() >= integerDigits;
    return integerDigits < 39 && fits && wanted.scale() >= scale;
  }

  /** The type of Spark's that the file's type is, for those that can be widened; else null. */
  private static DataType stored(PrimitiveType inFile) {
    LogicalTypeAnnotation annotation = inFile.getLogicalTypeAnnotation();
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return new DecimalType(decimal.getPrecision(), decimal.getScale());
    }
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return DataTypes.DateType;
    }
    boolean plain =
        annotation == null || (annotation instanceof IntLogicalTypeAnnotation i && i.isSigned());
    PrimitiveTypeName name = inFile.getPrimitiveTypeName();
    if (!plain) {
      return null;
    }
    return switch (name) {
      case INT32 -> DataTypes.IntegerType;
      case INT64 -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      default -> null;
    };
  }
}
