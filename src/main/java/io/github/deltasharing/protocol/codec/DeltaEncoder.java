/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.io.IOException;

/** PROTOCOL.md, "API Response Actions in Delta Format". Stateless. */
final class DeltaEncoder implements ActionEncoder {
  private static final int READER_FEATURES_VERSION = 3;
  private static final int WRITER_FEATURES_VERSION = 7;

  @Override
  public void protocol(JsonGenerator json, Protocol protocol) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.PROTOCOL);
    ActionEncoder.numberField(json, FieldNames.VERSION, protocol.version());
    json.writeObjectFieldStart(FieldNames.DELTA_PROTOCOL);
    json.writeNumberField(FieldNames.MIN_READER_VERSION, protocol.minReaderVersion());
    json.writeNumberField(FieldNames.MIN_WRITER_VERSION, protocol.minWriterVersion());
    if (protocol.minReaderVersion() >= READER_FEATURES_VERSION) {
      ActionEncoder.textArray(json, FieldNames.READER_FEATURES, protocol.readerFeatures());
    }
    if (protocol.minWriterVersion() >= WRITER_FEATURES_VERSION) {
      ActionEncoder.textArray(json, FieldNames.WRITER_FEATURES, protocol.writerFeatures());
    }
    endLine(json);
  }

  @Override
  public void metadata(JsonGenerator json, Metadata metadata) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.METADATA);
    ActionEncoder.tableFields(json, metadata);
    json.writeObjectFieldStart(FieldNames.DELTA_METADATA);
    ActionEncoder.metadataFields(json, metadata, true);
    ActionEncoder.numberField(json, FieldNames.CREATED_TIME, metadata.createdTime());
    endLine(json);
  }

  /** A file of a snapshot is one that was added. */
  @Override
  public void file(JsonGenerator json, ChangeFile file) throws IOException {
    change(json, file);
  }

  @Override
  public void change(JsonGenerator json, ChangeFile change) throws IOException {
    AddFile file = change.file();
    DeletionVectorDescriptor vector = file.deletionVector();
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.FILE);
    json.writeStringField(FieldNames.ID, file.id());
    if (vector != null && change.kind() != ChangeFile.Kind.CDC) {
      ActionEncoder.textField(json, FieldNames.DELETION_VECTOR_FILE_ID, vector.fileId());
    }
    ActionEncoder.versionFields(json, file);
    json.writeObjectFieldStart(FieldNames.DELTA_SINGLE_ACTION);
    switch (change.kind()) {
      case ADD -> add(json, change);
      case REMOVE -> remove(json, change);
      case CDC -> changedRows(json, change);
    }
    endLine(json);
  }

  private static void add(JsonGenerator json, ChangeFile change) throws IOException {
    startAction(json, FieldNames.ADD, change.file());
    ActionEncoder.numberField(json, FieldNames.MODIFICATION_TIME, change.file().modificationTime());
    contents(json, change);
    json.writeEndObject();
  }

  /** The modification time of a file that was removed is the time of its removal. */
  private static void remove(JsonGenerator json, ChangeFile change) throws IOException {
    startAction(json, FieldNames.REMOVE, change.file());
    ActionEncoder.numberField(
        json, FieldNames.DELETION_TIMESTAMP, change.file().modificationTime());
    json.writeBooleanField(FieldNames.EXTENDED_FILE_METADATA, true);
    contents(json, change);
    json.writeEndObject();
  }

  private static void changedRows(JsonGenerator json, ChangeFile change) throws IOException {
    startAction(json, FieldNames.DELTA_CHANGES, change.file());
    json.writeBooleanField(FieldNames.DATA_CHANGE, false);
    json.writeEndObject();
  }

  private static void startAction(JsonGenerator json, String action, AddFile file)
      throws IOException {
    json.writeObjectFieldStart(action);
    ActionEncoder.textField(json, FieldNames.PATH, file.packedUrl());
    ActionEncoder.textMap(json, FieldNames.PARTITION_VALUES, file.partitionValues());
    json.writeNumberField(FieldNames.SIZE, file.size());
  }

  private static void contents(JsonGenerator json, ChangeFile change) throws IOException {
    json.writeBooleanField(FieldNames.DATA_CHANGE, change.dataChange());
    ActionEncoder.textField(json, FieldNames.STATS, change.file().packedStats());
    DeletionVectorDescriptor vector = change.file().deletionVector();
    if (vector == null) {
      return;
    }
    json.writeObjectFieldStart(FieldNames.DELETION_VECTOR);
    json.writeStringField(FieldNames.STORAGE_TYPE, vector.storageType());
    ActionEncoder.textField(json, FieldNames.PATH_OR_INLINE_DV, vector.packedPathOrInlineDv());
    if (vector.offset() != null) {
      json.writeNumberField(FieldNames.OFFSET, vector.offset());
    }
    json.writeNumberField(FieldNames.SIZE_IN_BYTES, vector.sizeInBytes());
    json.writeNumberField(FieldNames.CARDINALITY, vector.cardinality());
    json.writeEndObject();
  }

  /** Ends the inner object, the action and the line's object. */
  private static void endLine(JsonGenerator json) throws IOException {
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }
}
