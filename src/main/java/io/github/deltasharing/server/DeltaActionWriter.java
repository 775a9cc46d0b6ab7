package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.github.deltasharing.server.delta.LogFailures;
import io.github.deltasharing.server.delta.LogPaths;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.delta.TableSnapshot.TableSize;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.table.ChangedFile;
import io.github.deltasharing.server.table.SharedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** The protocol's "API Response Actions in Delta Format". Stateless. */
final class DeltaActionWriter implements ActionWriter {
  private static final int READER_FEATURES_VERSION = 3;
  private static final int WRITER_FEATURES_VERSION = 7;

  @Override
  public void protocol(JsonGenerator json, Protocol protocol, OptionalLong version)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("protocol");
    if (version.isPresent()) {
      json.writeNumberField("version", version.getAsLong());
    }
    json.writeObjectFieldStart("deltaProtocol");
    json.writeNumberField("minReaderVersion", protocol.getMinReaderVersion());
    json.writeNumberField("minWriterVersion", protocol.getMinWriterVersion());
    if (protocol.getMinReaderVersion() >= READER_FEATURES_VERSION) {
      ActionWriter.textArray(json, "readerFeatures", protocol.getReaderFeatures());
    }
    if (protocol.getMinWriterVersion() >= WRITER_FEATURES_VERSION) {
      ActionWriter.textArray(json, "writerFeatures", protocol.getWriterFeatures());
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void metadata(
      JsonGenerator json, Metadata metadata, OptionalLong version, Optional<TableSize> size)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("metaData");
    ActionWriter.tableFields(json, version, size);
    ActionWriter.textArray(json, "accessModes", SharedTable.ACCESS_MODES);
    json.writeObjectFieldStart("deltaMetadata");
    ActionWriter.metadataFields(json, metadata);
    if (metadata.getCreatedTime().isPresent()) {
      json.writeNumberField("createdTime", metadata.getCreatedTime().get());
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void file(
      JsonGenerator json,
      SharedFile file,
      FileUrls urls,
      TableSnapshot snapshot,
      boolean withVersion)
      throws IOException {
    Optional<String> vectorFile = startFile(json, file, urls);
    ActionWriter.versionFields(json, snapshot, urls, withVersion);
    json.writeObjectFieldStart("deltaSingleAction");
    add(json, file, vectorFile, urls);
    endFile(json);
  }

  @Override
  public void change(JsonGenerator json, ChangedFile change, FileUrls urls) throws IOException {
    SharedFile file = change.file();
    Optional<String> vectorFile = startFile(json, file, urls);
    ActionWriter.versionFields(json, change.version(), change.timestamp(), urls);
    json.writeObjectFieldStart("deltaSingleAction");
    switch (change.kind()) {
      case ADD -> add(json, file, vectorFile, urls);
      case REMOVE -> remove(json, file, vectorFile, urls);
      case CHANGES -> {
        startAction(json, "cdc", file, urls);
        json.writeBooleanField("dataChange", false);
        json.writeEndObject();
      }
    }
    endFile(json);
  }

  private static void add(
      JsonGenerator json, SharedFile file, Optional<String> vectorFile, FileUrls urls)
      throws IOException {
    startAction(json, "add", file, urls);
    json.writeNumberField("modificationTime", file.modificationTime());
    endAction(json, file, vectorFile, urls);
  }

  private static void remove(
      JsonGenerator json, SharedFile file, Optional<String> vectorFile, FileUrls urls)
      throws IOException {
    startAction(json, "remove", file, urls);
    json.writeNumberField("deletionTimestamp", file.modificationTime());
    json.writeBooleanField("extendedFileMetadata", true);
    endAction(json, file, vectorFile, urls);
  }

  /** Writes what comes before version and action; returns the deletion vector's file, if any. */
  private static Optional<String> startFile(JsonGenerator json, SharedFile file, FileUrls urls)
      throws IOException {
    Optional<String> vectorFile =
        file.deletionVector()
            .filter(vector -> !isInline(vector))
            .map(vector -> vectorFile(urls.table(), vector));
    json.writeStartObject();
    json.writeObjectFieldStart("file");
    json.writeStringField("id", urls.id(file.relativePath()));
    if (vectorFile.isPresent()) {
      json.writeStringField("deletionVectorFileId", urls.id(vectorFile.get()));
    }
    return vectorFile;
  }

  private static void endFile(JsonGenerator json) throws IOException {
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void startAction(JsonGenerator json, String action, SharedFile file, FileUrls urls)
      throws IOException {
    json.writeObjectFieldStart(action);
    json.writeStringField("path", urls.url(file.relativePath()));
    ActionWriter.textMap(json, "partitionValues", file.partitionValues());
    json.writeNumberField("size", file.size());
  }

  private static void endAction(
      JsonGenerator json, SharedFile file, Optional<String> vectorFile, FileUrls urls)
      throws IOException {
    json.writeBooleanField("dataChange", file.dataChange());
    if (file.stats().isPresent()) {
      json.writeStringField("stats", file.stats().get());
    }
    if (file.deletionVector().isPresent()) {
      deletionVector(json, file.deletionVector().get(), vectorFile.map(urls::url).orElse(null));
    }
    json.writeEndObject();
  }

  /** Writes the descriptor; one on disk becomes an absolute path, which is its signed URL. */
  private static void deletionVector(
      JsonGenerator json, DeletionVectorDescriptor vector, String url) throws IOException {
    json.writeObjectFieldStart("deletionVector");
    json.writeStringField(
        "storageType",
        url == null ? vector.getStorageType() : DeletionVectorDescriptor.PATH_DV_MARKER);
    json.writeStringField("pathOrInlineDv", url == null ? vector.getPathOrInlineDv() : url);
    if (vector.getOffset().isPresent()) {
      json.writeNumberField("offset", vector.getOffset().get());
    }
    json.writeNumberField("sizeInBytes", vector.getSizeInBytes());
    json.writeNumberField("cardinality", vector.getCardinality());
    json.writeEndObject();
  }

  /** Kernel's own isInline compares the marker by reference. */
  private static boolean isInline(DeletionVectorDescriptor vector) {
    return DeletionVectorDescriptor.INLINE_DV_MARKER.equals(vector.getStorageType());
  }

  private static String vectorFile(SharedTable table, DeletionVectorDescriptor vector) {
    if (DeletionVectorDescriptor.PATH_DV_MARKER.equals(vector.getStorageType())) {
      return LogPaths.relative(table, vector.getPathOrInlineDv());
    }
    return LogFailures.reading(
        table,
        () -> LogPaths.relativeFile(table, vector.getAbsolutePath(table.directory().toString())));
  }
}
