/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Who may read which share. */
@Command(name = "grant", description = "Who may read which share.")
final class GrantCommand {
  private static final String[] COLUMNS = {
    "recipient_name", "privilege", "granted_at", "granted_by"
  };

  private final AdminWork work;

  GrantCommand(AdminWork work) {
    this.work = work;
  }

  @Command(
      name = "list",
      description = "Lists who may read a share.",
      footer = {"", "Example: grant list shop --data DIR"})
  int list(@Mixin AdminOptions options, @Parameters(paramLabel = "SHARE") String share) {
    return work.run(
        options,
        (client, output) ->
            output.list(client.all(ApiRequest.get("shares", share, "permissions")), COLUMNS));
  }

  @Command(
      name = "add",
      description = "Lets recipients read a share: all of them, or none if one is not there.",
      footer = {"", "Example: grant add shop acme initech --data DIR"})
  int add(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "SHARE") String share,
      @Parameters(paramLabel = "RECIPIENT", arity = "1..*") List<String> recipients) {
    return change(options, share, recipients, "add");
  }

  @Command(
      name = "remove",
      description = "Ends what recipients may read, with their next request.",
      footer = {"", "Example: grant remove shop acme --data DIR"})
  int remove(
      @Mixin AdminOptions options,
      @Parameters(paramLabel = "SHARE") String share,
      @Parameters(paramLabel = "RECIPIENT", arity = "1..*") List<String> recipients) {
    return change(options, share, recipients, "remove");
  }

  private int change(AdminOptions options, String share, List<String> recipients, String what) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode changes = body.putArray("changes");
    for (String recipient : recipients) {
      changes.addObject().put("recipient_name", recipient).putArray(what).add("SELECT");
    }
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.send(ApiRequest.patch(body, "shares", share, "permissions")), COLUMNS));
  }
}
