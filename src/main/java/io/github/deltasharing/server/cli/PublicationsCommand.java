/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tables that were made of files. */
@Command(
    name = "publications",
    aliases = "publication",
    description = "Tables that were made of files.")
final class PublicationsCommand {
  private static final String PUBLICATIONS = "publications";

  private final AdminWork work;

  PublicationsCommand(AdminWork work) {
    this.work = work;
  }

  @Command(
      name = "list",
      description = "Lists the publications.",
      footer = {"", "Example: publications list --data DIR"})
  int list(@Mixin AdminOptions options) {
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.all(ApiRequest.get(PUBLICATIONS)),
                "name",
                "rows",
                "set_aside",
                "table_version",
                "share",
                "schema",
                "table",
                "updated_at"));
  }

  @Command(
      name = "show",
      description = "Shows a publication.",
      footer = {"", "Example: publications show returns --data DIR"})
  int show(@Mixin AdminOptions options, @Parameters(paramLabel = "PUBLICATION") String name) {
    return work.run(
        options, (client, output) -> output.show(client.send(ApiRequest.get(PUBLICATIONS, name))));
  }

  @Command(
      name = "delete",
      description = "Takes the table out of its share and forgets it.",
      footer = {"", "Example: publications delete returns --purge --yes --data DIR"})
  int delete(
      @Mixin AdminOptions options,
      @Option(names = "--purge", description = "delete its files too") boolean purge,
      @Mixin YesOption yes,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "PUBLICATION") String name) {
    return work.delete(
        options,
        yes.yes(),
        "publication " + name + (purge ? " and its files" : ""),
        ApiRequest.delete(PUBLICATIONS, name)
            .with("purge", purge ? "true" : null)
            .ifVersion(version.version()));
  }

  @Command(
      name = "snippets",
      description = "Shows what a recipient pastes to read the table. No secret is in it.",
      footer = {"", "Example: publications snippets returns --language pyspark --data DIR"})
  int snippets(
      @Mixin AdminOptions options,
      @Option(
              names = "--language",
              paramLabel = "NAME",
              description = "pyspark, sql, java, pandas or duckdb alone")
          String language,
      @Parameters(paramLabel = "PUBLICATION") String name) {
    return work.run(
        options,
        (client, output) -> {
          ObjectNode body = client.send(ApiRequest.get(PUBLICATIONS, name, "snippets"));
          if (language != null && !body.has(language)) {
            throw CommandException.wrong("There is no snippet for " + language);
          }
          if (language != null) {
            output.text(body.get(language).asText());
          } else if (output.isJson()) {
            output.show(body);
          } else {
            body.fields()
                .forEachRemaining(
                    entry ->
                        output.text(entry.getKey() + ":\n" + entry.getValue().asText() + "\n"));
          }
        });
  }

  @Command(
      name = "set-aside",
      description = "Lists the lines of the latest file that are not in the table.",
      footer = {"", "Example: publications set-aside returns --data DIR"})
  int setAside(@Mixin AdminOptions options, @Parameters(paramLabel = "PUBLICATION") String name) {
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.all(ApiRequest.get(PUBLICATIONS, name, "set-aside")),
                "line",
                "problem",
                "fields"));
  }
}
