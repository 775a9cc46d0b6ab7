package io.github.deltasharing.server;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** The protocol's "API Response Actions in Parquet Format". Stateless. */
final class ParquetActionWriter implements ActionWriter {
  @Override
  public void protocol(JsonGenerator json, TableSnapshot snapshot) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("protocol");
    json.writeNumberField("minReaderVersion", 1);
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void metadata(JsonGenerator json, TableSnapshot snapshot, boolean withVersion)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("metaData");
    ActionWriter.metadataFields(json, snapshot);
    ActionWriter.tableFields(json, snapshot, withVersion);
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
    json.writeStringField("url", urls.url(file.relativePath()));
    json.writeStringField("id", FileUrls.id(file.relativePath()));
    ActionWriter.textMap(json, "partitionValues", file.partitionValues());
    json.writeNumberField("size", file.size());
    if (file.stats().isPresent()) {
      json.writeStringField("stats", file.stats().get());
    }
    ActionWriter.versionFields(json, snapshot, urls, withVersion);
    json.writeEndObject();
    json.writeEndObject();
  }
}
