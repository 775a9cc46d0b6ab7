package io.github.deltasharing.protocol.codec;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes the actions of an answer. The delta dialect wraps each in one more object; what is
 * outside and what is inside is read into the same fields, so that the two dialects need one
 * decoder.
 */
final class ActionCodec {
  private ActionCodec() {}

  static Protocol protocol(FieldReader in) throws IOException {
    ProtocolFields f = new ProtocolFields();
    f.read(in);
    return new Protocol(
        required(f.minReader, "protocol", "minReaderVersion"), f.minWriter, f.features, f.version);
  }

  static Metadata metadata(FieldReader in) throws IOException {
    MetadataFields f = new MetadataFields();
    f.read(in);
    return new Metadata(
        required(f.id, "metaData", "id"),
        f.name,
        f.description,
        f.provider,
        required(f.schemaString, "metaData", "schemaString"),
        f.partitionColumns,
        f.configuration,
        f.version,
        f.size,
        f.numFiles,
        f.accessModes);
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
                required(f.url, "file", "url"),
                required(f.id, "file", "id"),
                required(f.size, "file", "size"),
                f.partitionValues,
                f.stats,
                f.version,
                f.timestamp,
                f.expiration,
                f.deletionVector)
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
          case "refreshToken" -> refreshToken = in.text();
          case "nextPageToken" -> nextPageToken = in.text();
          case "minUrlExpirationTimestamp" -> expiration = in.number();
          case "errorMessage" -> error = in.text();
          case "httpStatusErrorCode" -> errorStatus = in.integer();
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
          case "queryId" -> queryId = in.text();
          case "status" -> status = in.text();
          // The protocol does not name the field.
          case "errorMessage", "message", "error" -> error = in.text();
          default -> in.skip();
        }
      }
    }
    return new QueryStatus(
        required(emptyToNull(queryId), "queryStatus", "queryId"), status, emptyToNull(error));
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
          case "deltaProtocol" -> read(in);
          case "minReaderVersion" -> minReader = in.integer();
          case "minWriterVersion" -> {
            Integer version = in.integer();
            minWriter = version == null ? 0 : version;
          }
          case "readerFeatures" -> features = Set.copyOf(in.strings());
          case "version" -> version = in.number();
          default -> in.skip();
        }
      }
    }
  }

  private static final class MetadataFields {
    String id;
    String name;
    String description;
    String provider = "parquet";
    String schemaString;
    List<String> partitionColumns = List.of();
    Map<String, String> configuration = Map.of();
    Long version;
    Long size;
    Long numFiles;
    List<String> accessModes = List.of();

    void read(FieldReader in) throws IOException {
      if (!in.enterObject()) {
        return;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case "deltaMetadata" -> read(in);
          case "id" -> id = in.text();
          case "name" -> name = in.text();
          case "description" -> description = in.text();
          case "format" -> {
            String given = in.stringMap().get("provider");
            provider = given == null ? provider : given;
          }
          case "schemaString" -> schemaString = in.text();
          case "partitionColumns" -> partitionColumns = in.strings();
          case "configuration" -> {
            configuration = in.stringMap();
            configuration.values().removeIf(value -> value == null);
          }
          case "version" -> version = in.number();
          case "size" -> size = in.number();
          case "numFiles" -> numFiles = in.number();
          case "accessModes" -> accessModes = in.strings();
          default -> in.skip();
        }
      }
    }
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
    DeletionVectorDescriptor deletionVector;

    FileFields(ChangeFile.Kind kind) {
      this.kind = kind;
    }

    void read(FieldReader in) throws IOException {
      if (!in.enterObject()) {
        return;
      }
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        switch (key) {
          case "deltaSingleAction" -> readSingleAction(in);
          case "url", "path" -> url = in.text();
          case "id" -> id = in.text();
          case "size" -> size = in.number();
          case "partitionValues" -> partitionValues = in.stringMap();
          case "stats" -> stats = in.text();
          case "version" -> version = in.number();
          case "timestamp" -> timestamp = in.number();
          case "expirationTimestamp" -> expiration = in.number();
          case "modificationTime" -> modificationTime = in.number();
          case "dataChange" -> dataChange = in.bool(dataChange);
          case "deletionVector" -> deletionVector = deletionVector(in);
          default -> in.skip();
        }
      }
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
          case "add" -> read(in, ChangeFile.Kind.ADD);
          case "remove" -> read(in, ChangeFile.Kind.REMOVE);
          case "cdc" -> read(in, ChangeFile.Kind.CDC);
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
          case "storageType" -> storageType = in.text();
          case "pathOrInlineDv" -> pathOrInline = in.text();
          case "offset" -> offset = in.integer();
          case "sizeInBytes" -> sizeInBytes = in.integer();
          case "cardinality" -> cardinality = in.number();
          default -> in.skip();
        }
      }
      return new DeletionVectorDescriptor(
          required(storageType, "deletionVector", "storageType"),
          required(pathOrInline, "deletionVector", "pathOrInlineDv"),
          offset,
          required(sizeInBytes, "deletionVector", "sizeInBytes"),
          required(cardinality, "deletionVector", "cardinality"));
    }
  }
}
