/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.publish.Preview;
import io.github.deltasharing.server.publish.csv.CsvFormat;
import io.github.deltasharing.server.store.StoredPublication;
import io.github.deltasharing.server.store.StoredPublication.SharedAs;
import java.util.List;

/** What the admin API says of publications. Stateless. */
final class PublicationJson {
  private PublicationJson() {}

  static ObjectNode publication(StoredPublication publication) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", publication.id()).put("name", publication.name());
    publication.comment().ifPresent(comment -> json.put("comment", comment));
    json.put("storage_location", publication.location().toString());
    StoredPublication.Upload upload = publication.upload();
    json.put("file_name", upload.fileName()).put("file_bytes", upload.bytes());
    ObjectNode format = json.putObject("file_format");
    upload.format().forEach(format::put);
    json.put("rows", upload.rows()).put("set_aside", upload.setAside());
    json.put("table_version", upload.tableVersion());
    if (publication.shared().isPresent()) {
      SharedAs shared = publication.shared().get();
      json.put("share", shared.share()).put("schema", shared.schema());
      json.put("table", shared.table()).put("shared_object_id", shared.objectId());
    }
    json.put("owner", publication.owner());
    return AdminJson.provenance(json, publication.provenance());
  }

  static ObjectNode preview(Preview preview) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("upload_id", preview.uploadId()).put("file_name", preview.fileName());
    json.put("file_bytes", preview.bytes());
    json.put("format", preview.format().isPresent() ? "csv" : "parquet");
    if (preview.format().isPresent()) {
      CsvFormat format = preview.format().get();
      json.put("encoding", format.encoding().label());
      json.put("encoding_assumed", format.encoding().assumed());
      json.put("delimiter", String.valueOf(format.delimiter()));
      json.put("quote", String.valueOf(format.quote()));
      json.put("header", format.header());
    }
    ArrayNode columns = json.putArray("columns");
    preview
        .columns()
        .forEach(
            column ->
                columns
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type().toString()));
    json.put("rows", preview.rows());
    ArrayNode rows = json.putArray("first_rows");
    for (List<String> row : preview.firstRows()) {
      ArrayNode fields = rows.addArray();
      row.forEach(fields::add);
    }
    json.put("defect_count", preview.defectCount());
    ArrayNode defects = json.putArray("defects");
    preview
        .defects()
        .forEach(
            defect ->
                defects.addObject().put("line", defect.line()).put("problem", defect.problem()));
    preview.problems().forEach(json.putArray("problems")::add);
    return json;
  }
}
