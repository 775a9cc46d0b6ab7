/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import java.io.IOException;

/** PROTOCOL.md, "API Response Actions in Parquet Format". Stateless. */
final class ParquetEncoder implements ActionEncoder {
  /** A table that needs more of its readers is not sent in this format. */
  private static final int MIN_READER_VERSION = 1;

  @Override
  public void protocol(JsonGenerator json, Protocol protocol) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.PROTOCOL);
    json.writeNumberField(FieldNames.MIN_READER_VERSION, MIN_READER_VERSION);
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void metadata(JsonGenerator json, Metadata metadata) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(FieldNames.METADATA);
    ActionEncoder.metadataFields(json, metadata, false);
    ActionEncoder.tableFields(json, metadata);
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void file(JsonGenerator json, ChangeFile file) throws IOException {
    line(json, FieldNames.FILE, file.file());
  }

  /** Removes say nothing of the rows that are gone with them. */
  @Override
  public void change(JsonGenerator json, ChangeFile change) throws IOException {
    String action =
        switch (change.kind()) {
          case ADD -> FieldNames.ADD;
          case REMOVE -> FieldNames.REMOVE;
          case CDC -> FieldNames.PARQUET_CHANGES;
        };
    line(json, action, change.file());
  }

  private static void line(JsonGenerator json, String action, AddFile file) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(action);
    ActionEncoder.textField(json, FieldNames.URL, file.packedUrl());
    json.writeStringField(FieldNames.ID, file.id());
    ActionEncoder.textMap(json, FieldNames.PARTITION_VALUES, file.partitionValues());
    json.writeNumberField(FieldNames.SIZE, file.size());
    ActionEncoder.textField(json, FieldNames.STATS, file.packedStats());
    ActionEncoder.versionFields(json, file);
    json.writeEndObject();
    json.writeEndObject();
  }
}
