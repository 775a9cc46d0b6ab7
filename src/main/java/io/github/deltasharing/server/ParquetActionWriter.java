package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.github.deltasharing.server.delta.TableSnapshot;
import io.github.deltasharing.server.delta.TableSnapshot.TableSize;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.FileUrls;
import io.github.deltasharing.server.table.ChangedFile;
import io.github.deltasharing.server.table.SharedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** The protocol's "API Response Actions in Parquet Format". Stateless. */
final class ParquetActionWriter implements ActionWriter {
  @Override
  public void protocol(JsonGenerator json, Protocol protocol, OptionalLong version)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("protocol");
    json.writeNumberField("minReaderVersion", 1);
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void metadata(
      JsonGenerator json, Metadata metadata, OptionalLong version, Optional<TableSize> size)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("metaData");
    ActionWriter.metadataFields(json, metadata);
    ActionWriter.tableFields(json, version, size);
    ActionWriter.textArray(json, "accessModes", SharedTable.ACCESS_MODES);
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
    json.writeStartObject();
    json.writeObjectFieldStart("file");
    fileFields(json, file, urls);
    ActionWriter.versionFields(json, snapshot, urls, withVersion);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Removes say nothing of the rows that are gone with them. */
  @Override
  public void change(JsonGenerator json, ChangedFile change, FileUrls urls) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(
        switch (change.kind()) {
          case ADD -> "add";
          case REMOVE -> "remove";
          case CHANGES -> "cdf";
        });
    fileFields(json, change.file(), urls);
    ActionWriter.versionFields(json, change.version(), change.timestamp(), urls);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void fileFields(JsonGenerator json, SharedFile file, FileUrls urls)
      throws IOException {
    json.writeStringField("url", urls.url(file.relativePath()));
    json.writeStringField("id", urls.id(file.relativePath()));
    ActionWriter.textMap(json, "partitionValues", file.partitionValues());
    json.writeNumberField("size", file.size());
    if (file.stats().isPresent()) {
      json.writeStringField("stats", file.stats().get());
    }
  }
}
