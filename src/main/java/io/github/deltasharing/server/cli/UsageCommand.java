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

/** How much was used. */
@Command(
    name = "usage",
    description = "Shows how much was used, of the last 30 days if no time is given.",
    footer = {"", "Example: usage --group-by day,recipient --share shop --data DIR"})
final class UsageCommand implements Callable<Integer> {
  @Mixin private AdminOptions options;

  @Option(
      names = "--group-by",
      paramLabel = "WHAT",
      description = "recipient, table, day, or several of them with commas. Default: recipient")
  private String groupBy;

  @Option(names = "--from", paramLabel = "DAY", description = "the first day")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "the first that is not meant")
  private String to;

  @Option(names = "--recipient", paramLabel = "NAME", description = "of one recipient")
  private String recipient;

  @Option(names = "--share", paramLabel = "NAME", description = "of one share")
  private String share;

  @Option(names = "--schema", paramLabel = "NAME", description = "of one schema")
  private String schema;

  @Option(names = "--table", paramLabel = "NAME", description = "of one table")
  private String table;

  private final AdminWork work;

  UsageCommand(AdminWork work) {
    this.work = work;
  }

  @Override
  public Integer call() {
    ApiRequest request =
        ApiRequest.get("usage")
            .with("group_by", groupBy)
            .with("from", from)
            .with("to", to)
            .with("recipient", recipient)
            .with("share", share)
            .with("schema", schema)
            .with("table", table);
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.send(request),
                "day",
                "recipient",
                "share",
                "schema",
                "table",
                "requests",
                "errors",
                "files",
                "bytes",
                "last_used_at"));
  }
}
