package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Protocol;
import java.io.IOException;
import java.nio.file.Path;

/** The protocol's "API Response Actions in Delta Format". Stateless. */
final class DeltaActionWriter implements ActionWriter {
  private static final int READER_FEATURES_VERSION = 3;
  private static final int WRITER_FEATURES_VERSION = 7;

  @Override
  public void protocol(JsonGenerator json, TableSnapshot snapshot) throws IOException {
    Protocol protocol = snapshot.protocol();
    json.writeStartObject();
    json.writeObjectFieldStart("protocol");
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
  public void metadata(JsonGenerator json, TableSnapshot snapshot, boolean withVersion)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("metaData");
    ActionWriter.tableFields(json, snapshot, withVersion);
    json.writeObjectFieldStart("deltaMetadata");
    ActionWriter.metadataFields(json, snapshot);
    if (snapshot.metadata().getCreatedTime().isPresent()) {
      json.writeNumberField("createdTime", snapshot.metadata().getCreatedTime().get());
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
    String vectorFile =
        file.deletionVector()
            .filter(vector -> !isInline(vector))
            .map(vector -> vectorFile(urls.table(), vector))
            .orElse(null);
    json.writeStartObject();
    json.writeObjectFieldStart("file");
    json.writeStringField("id", FileUrls.id(file.relativePath()));
    if (vectorFile != null) {
      json.writeStringField("deletionVectorFileId", FileUrls.id(vectorFile));
    }
    ActionWriter.versionFields(json, snapshot, urls, withVersion);
    json.writeObjectFieldStart("deltaSingleAction");
    json.writeObjectFieldStart("add");
    json.writeStringField("path", urls.url(file.relativePath()));
    ActionWriter.textMap(json, "partitionValues", file.partitionValues());
    json.writeNumberField("size", file.size());
    json.writeNumberField("modificationTime", file.modificationTime());
    json.writeBooleanField("dataChange", file.dataChange());
    if (file.stats().isPresent()) {
      json.writeStringField("stats", file.stats().get());
    }
    if (file.deletionVector().isPresent()) {
      deletionVector(
          json, file.deletionVector().get(), vectorFile == null ? null : urls.url(vectorFile));
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
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
    return LogPaths.relative(table, Path.of(vector.getAbsolutePath(table.directory().toString())));
  }
}
