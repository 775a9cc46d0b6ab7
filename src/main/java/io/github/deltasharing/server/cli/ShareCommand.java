/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shares, and what is in them. */
@Command(name = "share", description = "Shares, and what is in them.")
final class ShareCommand {
  private static final String SHARES = "shares";

  private final AdminWork work;

  ShareCommand(AdminWork work) {
    this.work = work;
  }

  @Command(
      name = "list",
      description = "Lists the shares.",
      footer = {"", "Example: share list --data DIR"})
  int list(@Mixin AdminOptions options) {
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.all(ApiRequest.get(SHARES)), "name", "owner", "read_only", "comment"));
  }

  @Command(
      name = "show",
      description = "Shows a share and its objects.",
      footer = {"", "Example: share show shop --data DIR -o json"})
  int show(@Mixin AdminOptions options, @Parameters(paramLabel = "SHARE") String share) {
    return work.run(
        options, (client, output) -> output.show(client.send(ApiRequest.get(SHARES, share))));
  }

  @Command(
      name = "create",
      description = "Makes a share.",
      footer = {"", "Example: share create shop --comment 'Orders of all shops' --data DIR"})
  int create(
      @Mixin AdminOptions options,
      @Mixin DetailOptions details,
      @Option(names = "--display-name", paramLabel = "TEXT", description = "what people call it")
          String displayName,
      @Parameters(paramLabel = "SHARE") String share) {
    ObjectNode body = body().put("name", share);
    details.into(body);
    DetailOptions.put(body, "display_name", displayName);
    return work.run(
        options, (client, output) -> output.show(client.send(ApiRequest.post(body, SHARES))));
  }

  @Command(
      name = "update",
      description = "Changes what is said of a share.",
      footer = {"", "Example: share update shop --owner sales --if-version 3 --data DIR"})
  int update(
      @Mixin AdminOptions options,
      @Mixin DetailOptions details,
      @Option(names = "--display-name", paramLabel = "TEXT", description = "what people call it")
          String displayName,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "SHARE") String share) {
    ObjectNode body = body();
    details.into(body);
    DetailOptions.put(body, "display_name", displayName);
    return patch(options, version, DetailOptions.requireChange(body), share);
  }

  @Command(
      name = "delete",
      description = "Deletes a share and what is granted on it. Its tables' files stay.",
      footer = {"", "Example: share delete shop --yes --data DIR"})
  int delete(
      @Mixin AdminOptions options,
      @Mixin YesOption yes,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "SHARE") String share) {
    return work.delete(
        options,
        yes.yes(),
        "share " + share,
        ApiRequest.delete(SHARES, share).ifVersion(version.version()));
  }

  @Command(
      name = "add-table",
      description = "Shares a table, which is read once before.",
      footer = {"", "Example: share add-table shop sales.orders --location /srv/orders --data DIR"})
  int addTable(
      @Mixin AdminOptions options,
      @Mixin ObjectOptions object,
      @Option(
              names = "--history",
              description = "recipients may read older versions and the change feed")
          boolean history,
      @Option(
              names = "--start-version",
              paramLabel = "N",
              description = "the oldest version that they see")
          Long startVersion,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "SHARE") String share,
      @Parameters(paramLabel = "NAME", description = "how the provider calls it") String name) {
    ObjectNode json = object.json(name, "TABLE").put("history_shared", history);
    if (startVersion != null) {
      json.put("start_version", startVersion);
    }
    return patch(options, version, update("ADD", json), share);
  }

  @Command(
      name = "add-schema",
      description = "Shares all tables right in a directory, those that come later too.",
      footer = {"", "Example: share add-schema shop sales --location /srv/sales --data DIR"})
  int addSchema(
      @Mixin AdminOptions options,
      @Mixin ObjectOptions object,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "SHARE") String share,
      @Parameters(paramLabel = "NAME", description = "how the provider calls it") String name) {
    return patch(options, version, update("ADD", object.json(name, "SCHEMA")), share);
  }

  @Command(
      name = "remove",
      description = "Takes a table or a schema out of a share. Its files stay.",
      footer = {"", "Example: share remove shop sales.orders --data DIR"})
  int remove(
      @Mixin AdminOptions options,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "SHARE") String share,
      @Parameters(paramLabel = "OBJECT", description = "its name, or what it is shared as")
          String object) {
    return patch(options, version, update("REMOVE", body().put("name", object)), share);
  }

  private int patch(AdminOptions options, VersionOption version, ObjectNode body, String share) {
    return work.run(
        options,
        (client, output) ->
            output.show(
                client.send(ApiRequest.patch(body, SHARES, share).ifVersion(version.version()))));
  }

  private static ObjectNode update(String action, ObjectNode object) {
    ObjectNode body = body();
    body.putArray("updates").addObject().put("action", action).set("data_object", object);
    return body;
  }

  private static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode();
  }
}
