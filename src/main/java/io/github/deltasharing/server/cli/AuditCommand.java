/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What was done. */
@Command(
    name = "audit",
    description = "Lists what was done, the newest first.",
    footer = {"", "Example: audit --recipient acme --status failure --from 2026-11-01 --data DIR"})
final class AuditCommand implements Callable<Integer> {
  private static final String MOST = "100";

  @Mixin private AdminOptions options;

  @Option(names = "--from", paramLabel = "TIME", description = "a day, or a time in UTC")
  private String from;

  @Option(names = "--to", paramLabel = "TIME", description = "the first that is not meant")
  private String to;

  @Option(names = "--recipient", paramLabel = "NAME", description = "who did it, or to whom")
  private String recipient;

  @Option(names = "--principal", paramLabel = "NAME", description = "who did it, or to whom")
  private String principal;

  @Option(names = "--share", paramLabel = "NAME", description = "with which share")
  private String share;

  @Option(names = "--schema", paramLabel = "NAME", description = "with which schema")
  private String schema;

  @Option(names = "--table", paramLabel = "NAME", description = "with which table")
  private String table;

  @Option(names = "--operation", paramLabel = "NAME", description = "such as query")
  private String operation;

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      description = "create, read, update, delete or other")
  private String action;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "an HTTP status, success or failure")
  private String status;

  @Option(names = "--request-id", paramLabel = "ID", description = "of one response")
  private String requestId;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = MOST,
      description = "how many, up to 1000. Default: " + MOST)
  private String limit;

  @Option(
      names = "--page",
      paramLabel = "TOKEN",
      description = "those after others: their nextPageToken")
  private String page;

  private final AdminWork work;

  AuditCommand(AdminWork work) {
    this.work = work;
  }

  @Override
  public Integer call() {
    ApiRequest request =
        ApiRequest.get("audit-events")
            .with("from", from)
            .with("to", to)
            .with("recipient", recipient)
            .with("principal", principal)
            .with("share", share)
            .with("schema", schema)
            .with("table", table)
            .with("operation", operation)
            .with("action", action)
            .with("status", status)
            .with("request_id", requestId)
            .with("maxResults", limit)
            .with("pageToken", page);
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.send(request),
                "time",
                "/actor/name",
                "operation",
                "share",
                "schema",
                "table",
                "status",
                "error_code",
                "address"));
  }
}
