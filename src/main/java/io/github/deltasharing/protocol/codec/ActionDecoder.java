/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import io.github.deltasharing.protocol.TableAccess;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The reading half: decodes the actions of a response. The delta format wraps each in one more
 * object; what is outside and what is inside is read into the same fields, so that the two formats
 * need one decoder. Fields that only writers of tables need are skipped. Stateless.
 */
final class ActionDecoder {
  private static final String PARQUET = "parquet";

  private ActionDecoder() {}

  static Protocol protocol(FieldReader in) throws IOException {
    ProtocolFields f = new ProtocolFields();
    f.read(in);
    return new Protocol(
        required(f.minReader, FieldNames.PROTOCOL, FieldNames.MIN_READER_VERSION),
        f.minWriter,
        f.features,
        f.version);
  }

  static Metadata metadata(FieldReader in) throws IOException {
    MetadataFields f = new MetadataFields();
    f.read(in);
    return new Metadata(
        required(f.id, FieldNames.METADATA, FieldNames.ID),
        f.name,
        f.description,
        f.fileFormat,
        required(f.schemaString, FieldNames.METADATA, FieldNames.SCHEMA_STRING),
        f.partitionColumns,
        f.configuration,
        f.createdTime,
        f.version,
        f.size,
        f.numFiles,
        new TableAccess(f.accessModes, f.location, f.auxiliaryLocations));
  }

  /**
   * @param kind what the line says that the file is; a delta single action in it knows better
   */
  static ChangeFile file(FieldReader in, ChangeFile.Kind kind) throws IOException {
    FileFields f = new FileFields(kind);
    f.read(in);
    if (f.kind == ChangeFile.Kind.REMOVE && f.size == null) {
      // Old writers do not note it.
      f.size = 0L;
    }
    AddFile file =
        new AddFile(
                required(f.url, FieldNames.FILE, FieldNames.URL),
                required(f.id, FieldNames.FILE, FieldNames.ID),
                required(f.size, FieldNames.FILE, FieldNames.SIZE),
                f.partitionValues,
                f.stats,
                f.version,
                f.timestamp,
                f.expiration,
                f.deletionVector())
            .modifiedAt(f.modificationTime);
    return new ChangeFile(f.kind, file, f.dataChange);
  }

  static EndStreamAction endStream(FieldReader in) throws IOException {
    String refreshToken = null;
    String nextPageToken = null;
    Long expiration = null;
    String error = null;
    Integer errorStatus = null;
    if (in.enterObject()) {
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.REFRESH_TOKEN -> refreshToken = in.text();
          case FieldNames.NEXT_PAGE_TOKEN -> nextPageToken = in.text();
          case FieldNames.MIN_URL_EXPIRATION_TIMESTAMP -> expiration = in.number();
          case FieldNames.ERROR_MESSAGE -> error = in.text();
          case FieldNames.HTTP_STATUS_ERROR_CODE -> errorStatus = in.integer();
          default -> in.skip();
        }
      }
    }
    return new EndStreamAction(
        emptyToNull(refreshToken),
        emptyToNull(nextPageToken),
        expiration,
        emptyToNull(error),
        errorStatus);
  }

  static QueryStatus queryStatus(FieldReader in) throws IOException {
    String queryId = null;
    String status = null;
    String error = null;
    if (in.enterObject()) {
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.QUERY_ID -> queryId = in.text();
          case FieldNames.STATUS -> status = in.text();
          // The protocol does not name the field.
          case FieldNames.ERROR_MESSAGE, "message", "error" -> error = in.text();
          default -> in.skip();
        }
      }
    }
    return new QueryStatus(
        required(emptyToNull(queryId), FieldNames.QUERY_STATUS, FieldNames.QUERY_ID),
        status,
        emptyToNull(error));
  }

  private static String emptyToNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static <T> T required(T value, String object, String field) {
    if (value == null) {
      throw new MissingFieldException(object, field);
    }
    return value;
  }

  private static final class ProtocolFields {
    Integer minReader;
    int minWriter;
    Set<String> features = Set.of();
    Long version;

    void read(FieldReader in) throws IOException {
      if (!in.enterObject()) {
        return;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.DELTA_PROTOCOL -> read(in);
          case FieldNames.MIN_READER_VERSION -> minReader = in.integer();
          case FieldNames.MIN_WRITER_VERSION -> {
            Integer version = in.integer();
            minWriter = version == null ? 0 : version;
          }
          case FieldNames.READER_FEATURES -> features = Set.copyOf(in.strings());
          case FieldNames.VERSION -> version = in.number();
          default -> in.skip();
        }
      }
    }
  }

  private static final class MetadataFields {
    String id;
    String name;
    String description;
    Metadata.FileFormat fileFormat = new Metadata.FileFormat(PARQUET, Map.of());
    String schemaString;
    List<String> partitionColumns = List.of();
    Map<String, String> configuration = Map.of();
    Long createdTime;
    Long version;
    Long size;
    Long numFiles;
    List<String> accessModes = List.of();
    String location;
    List<String> auxiliaryLocations = List.of();

    void read(FieldReader in) throws IOException {
      if (!in.enterObject()) {
        return;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.DELTA_METADATA -> read(in);
          case FieldNames.ID -> id = in.text();
          case FieldNames.NAME -> name = in.text();
          case FieldNames.DESCRIPTION -> description = in.text();
          case FieldNames.FORMAT -> fileFormat = fileFormat(in);
          case FieldNames.CREATED_TIME -> createdTime = in.number();
          case FieldNames.SCHEMA_STRING -> schemaString = in.text();
          case FieldNames.PARTITION_COLUMNS -> partitionColumns = in.strings();
          case FieldNames.CONFIGURATION -> {
            configuration = in.stringMap();
            configuration.values().removeIf(value -> value == null);
          }
          case FieldNames.VERSION -> version = in.number();
          case FieldNames.SIZE -> size = in.number();
          case FieldNames.NUM_FILES -> numFiles = in.number();
          case FieldNames.ACCESS_MODES -> accessModes = in.strings();
          case FieldNames.LOCATION -> location = emptyToNull(in.text());
          case FieldNames.AUXILIARY_LOCATIONS -> auxiliaryLocations = in.strings();
          default -> in.skip();
        }
      }
    }
  }

  private static Metadata.FileFormat fileFormat(FieldReader in) throws IOException {
    String provider = null;
    Map<String, String> options = Map.of();
    if (in.enterObject()) {
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.FORMAT_PROVIDER -> provider = in.text();
          case FieldNames.FORMAT_OPTIONS -> options = in.stringMap();
          default -> in.skip();
        }
      }
    }
    return new Metadata.FileFormat(provider == null ? PARQUET : provider, options);
  }

  private static final class FileFields {
    ChangeFile.Kind kind;
    boolean dataChange = true;
    String url;
    String id;
    Long size;
    Map<String, String> partitionValues = Map.of();
    String stats;
    Long version;
    Long timestamp;
    Long expiration;
    Long modificationTime;
    DeletionVectorDescriptor vector;
    String vectorFileId;

    FileFields(ChangeFile.Kind kind) {
      this.kind = kind;
    }

    void read(FieldReader in) throws IOException {
      if (!in.enterObject()) {
        return;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.DELTA_SINGLE_ACTION -> readSingleAction(in);
          case FieldNames.URL, FieldNames.PATH -> url = in.text();
          case FieldNames.ID -> id = in.text();
          case FieldNames.SIZE -> size = in.number();
          case FieldNames.PARTITION_VALUES -> partitionValues = in.stringMap();
          case FieldNames.STATS -> stats = in.text();
          case FieldNames.VERSION -> version = in.number();
          case FieldNames.TIMESTAMP -> timestamp = in.number();
          case FieldNames.EXPIRATION_TIMESTAMP -> expiration = in.number();
          case FieldNames.MODIFICATION_TIME -> modificationTime = in.number();
          case FieldNames.DATA_CHANGE -> dataChange = in.bool(dataChange);
          case FieldNames.DELETION_VECTOR -> vector = deletionVector(in);
          case FieldNames.DELETION_VECTOR_FILE_ID -> vectorFileId = in.text();
          default -> in.skip();
        }
      }
    }

    DeletionVectorDescriptor deletionVector() {
      return vector == null || vectorFileId == null ? vector : vector.withFileId(vectorFileId);
    }

    private void readSingleAction(FieldReader in) throws IOException {
      if (!in.enterObject()) {
        return;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        if (in.isNull()) {
          continue;
        }
        switch (key) {
          case FieldNames.ADD -> read(in, ChangeFile.Kind.ADD);
          case FieldNames.REMOVE -> read(in, ChangeFile.Kind.REMOVE);
          case FieldNames.DELTA_CHANGES -> read(in, ChangeFile.Kind.CDC);
          default -> in.skip();
        }
      }
    }

    private void read(FieldReader in, ChangeFile.Kind action) throws IOException {
      kind = action;
      read(in);
    }

    private static DeletionVectorDescriptor deletionVector(FieldReader in) throws IOException {
      String storageType = null;
      String pathOrInline = null;
      Integer offset = null;
      Integer sizeInBytes = null;
      Long cardinality = null;
      if (!in.enterObject()) {
        return null;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case FieldNames.STORAGE_TYPE -> storageType = in.text();
          case FieldNames.PATH_OR_INLINE_DV -> pathOrInline = in.text();
          case FieldNames.OFFSET -> offset = in.integer();
          case FieldNames.SIZE_IN_BYTES -> sizeInBytes = in.integer();
          case FieldNames.CARDINALITY -> cardinality = in.number();
          default -> in.skip();
        }
      }
      return new DeletionVectorDescriptor(
          required(storageType, FieldNames.DELETION_VECTOR, FieldNames.STORAGE_TYPE),
          required(pathOrInline, FieldNames.DELETION_VECTOR, FieldNames.PATH_OR_INLINE_DV),
          offset,
          required(sizeInBytes, FieldNames.DELETION_VECTOR, FieldNames.SIZE_IN_BYTES),
          required(cardinality, FieldNames.DELETION_VECTOR, FieldNames.CARDINALITY));
    }
  }
}
