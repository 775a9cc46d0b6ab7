/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes tables of files. */
@Command(
    name = "publish",
    description = "Makes a table of each file, and shares it if asked.",
    footer = {
      "",
      "Examples:",
      "  publish returns.csv --validate-only --data DIR",
      "  publish returns.csv --share shop --schema sales --recipient acme --type zip=string"
          + " --data DIR"
    })
final class PublishCommand implements Callable<Integer> {
  @Mixin private AdminOptions options;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "a file of this machine")
  private List<Path> files;

  @Option(
      names = "--validate-only",
      description =
          "publish nothing: show the types that were found and the lines that do not fit;"
              + " the exit code is 1 if it could not be published")
  private boolean validateOnly;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "the publication's; else that of the file, without its ending")
  private String name;

  @Option(
      names = "--type",
      paramLabel = "COLUMN=TYPE",
      description = "a column's type, such as zip=string; may be repeated")
  private Map<String, String> types = new LinkedHashMap<>();

  @ArgGroup private Mode mode;

  @Option(
      names = "--set-aside",
      description = "leave lines out that are no rows, and keep them with their numbers")
  private boolean setAside;

  @Option(names = "--share", paramLabel = "SHARE", description = "share it; made if not there")
  private String share;

  @Option(names = "--schema", paramLabel = "SCHEMA", description = "in the share. Default: default")
  private String schema;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "in the schema. Default: the publication's name")
  private String table;

  @Option(
      names = "--recipient",
      paramLabel = "RECIPIENT",
      description = "may read the share; may be repeated")
  private List<String> recipients = new ArrayList<>();

  @Option(names = "--comment", paramLabel = "TEXT", description = "what it is")
  private String comment;

  @Option(names = "--encoding", paramLabel = "NAME", description = "of the text. Else found out")
  private String encoding;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      description = "a character, or tab. Else found out")
  private String delimiter;

  @Option(names = "--quote", paramLabel = "CHAR", description = "Default: \"")
  private String quote;

  @Option(
      names = "--header",
      paramLabel = "auto|true|false",
      description = "whether the first line has names. Default: auto")
  private String header;

  @Option(
      names = "--null-text",
      paramLabel = "TEXT",
      description = "fields of this text are null; may be repeated")
  private List<String> nullTexts = new ArrayList<>();

  private final AdminWork work;

  PublishCommand(AdminWork work) {
    this.work = work;
  }

  /** What becomes of a publication that is there. Filled by picocli. */
  static final class Mode {
    @Option(names = "--append", description = "add the rows to a publication")
    private boolean append;

    @Option(names = "--replace", description = "in place of a publication's rows")
    private boolean replace;

    private String text() {
      return append ? "append" : "replace";
    }
  }

  @Override
  public Integer call() {
    if (files.size() > 1 && (name != null || table != null)) {
      throw CommandException.wrong("--name and --table are for one file");
    }
    for (Path file : files) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw CommandException.wrong("Cannot read the file " + file);
      }
    }
    boolean[] problems = new boolean[1];
    work.run(
        options,
        (client, output) -> {
          for (Path file : files) {
            ObjectNode body = publish(client, file);
            if (validateOnly && !output.isJson()) {
              PreviewTable.show(body, output);
            } else {
              output.show(body);
            }
            problems[0] |= !body.path("problems").isEmpty();
          }
        });
    return problems[0] ? 1 : 0;
  }

  private ObjectNode publish(AdminClient client, Path file) {
    try (Progress progress = new Progress(work.terminal(), file, size(file))) {
      return client.upload(request(file), file, progress);
    } catch (CommandException e) {
      throw CommandException.failed(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw CommandException.failed("Cannot read the file " + file + ": " + e.getMessage(), e);
    }
  }

  private ApiRequest request(Path file) {
    ObjectNode typed = JsonNodeFactory.instance.objectNode();
    types.forEach(typed::put);
    return new ApiRequest(
            "POST", List.of("publications"), Map.of(), Optional.empty(), Optional.empty())
        .with("file_name", file.getFileName().toString())
        .with("name", name)
        .with("validate_only", validateOnly ? "true" : null)
        .with("types", typed.isEmpty() ? null : typed.toString())
        .with("mode", mode == null ? null : mode.text())
        .with("on_error", setAside ? "set_aside" : null)
        .with("share", share)
        .with("schema", schema)
        .with("table", table)
        .with("recipients", recipients)
        .with("comment", comment)
        .with("encoding", encoding)
        .with("delimiter", delimiter)
        .with("quote", quote)
        .with("header", header)
        .with("null_texts", nullTexts);
  }
}
