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
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.protocol.compact.PackedText;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/**
 * The writing half: one action of a response as one JSON object, in one response format. What a
 * record does not say, and what the format has no field for, is left out. Stateless; the generator
 * is the caller's and writes UTF-8.
 */
interface ActionEncoder {
  void protocol(JsonGenerator json, Protocol protocol) throws IOException;

  void metadata(JsonGenerator json, Metadata metadata) throws IOException;

  /** A file of a snapshot. */
  void file(JsonGenerator json, ChangeFile file) throws IOException;

  /** A file that a commit added or removed, or one with the rows that it changed. */
  void change(JsonGenerator json, ChangeFile change) throws IOException;

  static ActionEncoder of(ResponseFormat format) {
    return switch (format) {
      case PARQUET -> new ParquetEncoder();
      case DELTA -> new DeltaEncoder();
    };
  }

  /**
   * Writes the fields of a table's metadata that both formats have.
   *
   * @param emptyOptions whether the format's options are written if there are none: Delta's log
   *     requires them, and Delta Kernel in Rust refuses metadata without
   */
  static void metadataFields(JsonGenerator json, Metadata metadata, boolean emptyOptions)
      throws IOException {
    json.writeStringField(FieldNames.ID, metadata.id());
    textField(json, FieldNames.NAME, metadata.name());
    textField(json, FieldNames.DESCRIPTION, metadata.description());
    json.writeObjectFieldStart(FieldNames.FORMAT);
    json.writeStringField(FieldNames.FORMAT_PROVIDER, metadata.provider());
    if (emptyOptions || !metadata.fileFormat().options().isEmpty()) {
      textMap(json, FieldNames.FORMAT_OPTIONS, metadata.fileFormat().options());
    }
    json.writeEndObject();
    json.writeStringField(FieldNames.SCHEMA_STRING, metadata.schemaString());
    textArray(json, FieldNames.PARTITION_COLUMNS, metadata.partitionColumns());
    textMap(json, FieldNames.CONFIGURATION, metadata.configuration());
  }

  /** Writes what the server knows of a table besides its metadata. */
  static void tableFields(JsonGenerator json, Metadata metadata) throws IOException {
    numberField(json, FieldNames.VERSION, metadata.version());
    numberField(json, FieldNames.SIZE, metadata.size());
    numberField(json, FieldNames.NUM_FILES, metadata.numFiles());
    TableAccess access = metadata.access();
    textField(json, FieldNames.LOCATION, access.location());
    if (!access.auxiliaryLocations().isEmpty()) {
      textArray(json, FieldNames.AUXILIARY_LOCATIONS, access.auxiliaryLocations());
    }
    if (access.isSaid()) {
      textArray(json, FieldNames.ACCESS_MODES, access.modes());
    }
  }

  /** Writes version, time and the URL's expiry of a file. */
  static void versionFields(JsonGenerator json, AddFile file) throws IOException {
    numberField(json, FieldNames.VERSION, file.version());
    numberField(json, FieldNames.TIMESTAMP, file.timestamp());
    numberField(json, FieldNames.EXPIRATION_TIMESTAMP, file.expirationTimestamp());
  }

  /** Writes a text if there is one. */
  static void textField(JsonGenerator json, String name, String text) throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }

  /** Writes a text that is kept as bytes, if there is one. */
  static void textField(JsonGenerator json, String name, PackedText text) throws IOException {
    if (text != null) {
      json.writeFieldName(name);
      byte[] bytes = text.bytes();
      json.writeUTF8String(bytes, 0, bytes.length);
    }
  }

  /** Writes a number if there is one. */
  static void numberField(JsonGenerator json, String name, Long number) throws IOException {
    if (number != null) {
      json.writeNumberField(name, number);
    }
  }

  /** Writes an object of texts; a null stays null. */
  static void textMap(JsonGenerator json, String name, Map<String, String> map) throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  /** Writes an array of texts. */
  static void textArray(JsonGenerator json, String name, Collection<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
