package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.util.VectorUtils;
import io.github.deltasharing.server.delta.KernelSchema;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.delta.TableSnapshot.TableSize;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.table.ChangedFile;
import io.github.deltasharing.server.table.SharedFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes the actions of an answer in one dialect, one JSON object each. Stateless; the generator is
 * the caller's.
 */
public interface ActionWriter {
  /** The line that says what a client must understand; with its version where that is wanted. */
  void protocol(JsonGenerator json, Protocol protocol, OptionalLong version) throws IOException;

  /** The table's metadata; with its version and the table's size as far as wanted and known. */
  void metadata(
      JsonGenerator json, Metadata metadata, OptionalLong version, Optional<TableSize> size)
      throws IOException;

  /** A file; with the snapshot's version and time when the client asked for one. */
  void file(
      JsonGenerator json,
      SharedFile file,
      FileUrls urls,
      TableSnapshot snapshot,
      boolean withVersion)
      throws IOException;

  /** A file that a commit added or removed, or one with the rows that it changed. */
  void change(JsonGenerator json, ChangedFile change, FileUrls urls) throws IOException;

  /** The writer of a dialect. */
  static ActionWriter of(AnswerFormat format) {
    return format == AnswerFormat.DELTA ? new DeltaActionWriter() : new ParquetActionWriter();
  }

  /** Writes the fields that both dialects have in their metadata. */
  static void metadataFields(JsonGenerator json, Metadata metadata) throws IOException {
    json.writeStringField("id", metadata.getId());
    if (metadata.getName().isPresent()) {
      json.writeStringField("name", metadata.getName().get());
    }
    if (metadata.getDescription().isPresent()) {
      json.writeStringField("description", metadata.getDescription().get());
    }
    json.writeObjectFieldStart("format");
    json.writeStringField("provider", metadata.getFormat().getProvider());
    if (!metadata.getFormat().getOptions().isEmpty()) {
      textMap(json, "options", metadata.getFormat().getOptions());
    }
    json.writeEndObject();
    json.writeStringField("schemaString", KernelSchema.original(metadata));
    textArray(json, "partitionColumns", VectorUtils.toJavaList(metadata.getPartitionColumns()));
    textMap(json, "configuration", KernelSchema.configuration(metadata));
  }

  /** Writes version, size and number of files, as far as they are wanted and known. */
  static void tableFields(JsonGenerator json, OptionalLong version, Optional<TableSize> size)
      throws IOException {
    if (version.isPresent()) {
      json.writeNumberField("version", version.getAsLong());
    }
    if (size.isPresent()) {
      json.writeNumberField("size", size.get().bytes());
      json.writeNumberField("numFiles", size.get().files());
    }
  }

  /** Writes version, time and the URL's expiry of a file. */
  static void versionFields(
      JsonGenerator json, TableSnapshot snapshot, FileUrls urls, boolean withVersion)
      throws IOException {
    if (withVersion) {
      versionFields(json, snapshot.version(), snapshot.timestamp(), urls);
    } else {
      json.writeNumberField("expirationTimestamp", urls.expiry().toEpochMilli());
    }
  }

  /** The same for a file that is told with its version anyway. */
  static void versionFields(JsonGenerator json, long version, long timestamp, FileUrls urls)
      throws IOException {
    json.writeNumberField("version", version);
    json.writeNumberField("timestamp", timestamp);
    json.writeNumberField("expirationTimestamp", urls.expiry().toEpochMilli());
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
  static void textArray(JsonGenerator json, String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
