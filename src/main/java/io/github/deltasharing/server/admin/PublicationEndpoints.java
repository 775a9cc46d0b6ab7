/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest;
import io.github.deltasharing.server.publish.Publications;
import io.github.deltasharing.server.publish.Publications.Sender;
import io.github.deltasharing.server.publish.SetAside;
import io.github.deltasharing.server.publish.Snippets;
import io.github.deltasharing.server.publish.Uploads;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.StoredPublication;
import java.util.List;
import java.util.Optional;

/** Files that are published as tables. Safe for use by several threads. */
final class PublicationEndpoints {
  private final Optional<Publications> publications;

  /**
   * Creates the endpoints.
   *
   * @param publications empty if the server has nowhere to make tables
   */
  PublicationEndpoints(Optional<Publications> publications) {
    this.publications = publications;
  }

  private Publications service() {
    return publications.orElseThrow(
        () ->
            new ServerError(
                409,
                ServerError.INVALID_STATE,
                "This server has nowhere to make tables. Give it publicationRoot in its"
                    + " configuration"));
  }

  private static Sender sender(AdminCall call) {
    return new Sender(call.principal(), call.change());
  }

  /** Begins to take a file whose options are the call's body. */
  Uploads.Incoming begin(AdminCall call, long announced) {
    PublicationRequest request = PublicationBody.request(call.body());
    if (call.body().has("upload_id")) {
      throw ServerError.invalid("upload_id is for a JSON body, in place of a file");
    }
    return PublicationBody.isPreview(call.body())
        ? service().begin(sender(call), announced)
        : service().begin(request, sender(call), announced);
  }

  /** The file is there. */
  AdminAnswer uploaded(AdminCall call, Uploads.Incoming incoming, Runnable alive) {
    PublicationRequest request = PublicationBody.request(call.body());
    if (PublicationBody.isPreview(call.body())) {
      return AdminAnswer.ok(
          PublicationJson.preview(service().preview(incoming, request.file(), alive)));
    }
    return published(service().publish(request, incoming, sender(call), alive));
  }

  /** Publishes a file that was uploaded before. */
  AdminAnswer create(AdminCall call) {
    String upload = PublicationBody.uploadId(call.body());
    PublicationRequest request = PublicationBody.request(call.body());
    Runnable alive = () -> {};
    if (PublicationBody.isPreview(call.body())) {
      return AdminAnswer.ok(
          PublicationJson.preview(service().preview(upload, request.file(), sender(call), alive)));
    }
    return published(service().publish(request, upload, sender(call), alive));
  }

  private static AdminAnswer published(StoredPublication publication) {
    return AdminAnswer.created(PublicationJson.publication(publication))
        .of(publication.provenance());
  }

  AdminAnswer list(AdminCall call) {
    return publications.isEmpty()
        ? AdminAnswer.items(List.<ObjectNode>of(), item -> item)
        : AdminAnswer.page(service().page(call.page()), PublicationJson::publication);
  }

  AdminAnswer get(AdminCall call) {
    StoredPublication publication = find(call);
    return AdminAnswer.ok(PublicationJson.publication(publication)).of(publication.provenance());
  }

  private StoredPublication find(AdminCall call) {
    return publications
        .map(service -> service.get(call.name()))
        .orElseThrow(() -> ServerError.notFound("There is no publication '" + call.name() + "'"));
  }

  AdminAnswer delete(AdminCall call) {
    find(call);
    String purge = call.parameters().getOrDefault("purge", "false");
    if (!purge.equals("true") && !purge.equals("false")) {
      throw ServerError.invalid("purge must be true or false");
    }
    service().remove(call.name(), purge.equals("true"), call.change(), call::checkVersion);
    return AdminAnswer.nothing();
  }

  AdminAnswer snippets(AdminCall call) {
    StoredPublication publication = find(call);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Snippets.of(
            publication
                .shared()
                .orElseThrow(
                    () ->
                        new ServerError(
                            409,
                            ServerError.INVALID_STATE,
                            "'" + publication.name() + "' is not shared. Add it to a share first")),
            "delta".equals(publication.upload().format().get("response_format")))
        .forEach(json::put);
    return AdminAnswer.ok(json);
  }

  AdminAnswer setAside(AdminCall call) {
    Page.Of page = call.page();
    if (!page.after().matches("\\d{0,9}")) {
      throw ServerError.invalid("pageToken is not one of this list. Ask again without it");
    }
    long after = page.after().isEmpty() ? 0 : Long.parseLong(page.after());
    List<SetAside.Line> lines = service().setAside(find(call), after, page.size() + 1);
    boolean more = lines.size() > page.size();
    return AdminAnswer.page(
        new Page<>(
            more ? lines.subList(0, page.size()) : lines,
            more ? Optional.of(String.valueOf(after + page.size())) : Optional.empty()),
        PublicationEndpoints::line);
  }

  private static ObjectNode line(SetAside.Line line) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("line", line.line()).put("problem", line.problem());
    line.fields().forEach(json.putArray("fields")::add);
    return json;
  }
}
