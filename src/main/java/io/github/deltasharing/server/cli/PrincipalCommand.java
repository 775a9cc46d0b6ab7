/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.server.admin.AdminBootstrap;
import io.github.deltasharing.server.store.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who may use the admin API, and their tokens. */
@Command(
    name = "principal",
    aliases = "token",
    description = "Who may use the admin API, and their tokens.")
final class PrincipalCommand {
  private static final String PRINCIPALS = "principals";
  private static final String TOKEN = "bearer_token";

  private final AdminWork work;

  PrincipalCommand(AdminWork work) {
    this.work = work;
  }

  /** What a principal may do. Filled by picocli. */
  static final class RoleOption {
    @Option(
        names = "--role",
        required = true,
        paramLabel = "ROLE",
        description = "VIEWER, EDITOR or ADMIN")
    private String name;

    String name() {
      return name;
    }
  }

  /** Where a new token goes. Filled by picocli. */
  static final class TokenOption {
    @Option(
        names = "--token-to",
        paramLabel = "FILE",
        description = "write the token to FILE, which only its owner can read, and do not show it")
    private Path file;

    /** Shows a response with a new token, or what is left of it when that went into the file. */
    void show(ObjectNode body, Output output) {
      if (file != null) {
        try {
          PrivateFile.write(file.toAbsolutePath(), body.path(TOKEN).asText());
        } catch (IOException e) {
          throw CommandException.failed(
              "The token was made, and cannot be written to " + file + ": rotate it. " + e, e);
        }
        body.remove(TOKEN);
      }
      output.show(body);
    }

    void check() {
      if (file != null) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isWritable(directory) || Files.isDirectory(file)) {
          throw CommandException.wrong("Cannot write to " + file);
        }
      }
    }
  }

  @Command(
      name = "list",
      description = "Lists the principals.",
      footer = {"", "Example: principal list --data DIR"})
  int list(@Mixin AdminOptions options) {
    return work.run(
        options,
        (client, output) ->
            output.list(
                client.all(ApiRequest.get(PRINCIPALS)),
                "name",
                "role",
                "last_used_at",
                "created_at",
                "created_by"));
  }

  @Command(
      name = "show",
      description = "Shows a principal, without its token.",
      footer = {"", "Example: principal show admin --data DIR"})
  int show(@Mixin AdminOptions options, @Parameters(paramLabel = "PRINCIPAL") String name) {
    return work.run(
        options, (client, output) -> output.show(client.send(ApiRequest.get(PRINCIPALS, name))));
  }

  @Command(
      name = "create",
      description = "Makes a principal. Its token is shown this once.",
      footer = {"", "Example: principal create ci --role EDITOR --token-to ci-token --data DIR"})
  int create(
      @Mixin AdminOptions options,
      @Mixin RoleOption role,
      @Mixin TokenOption token,
      @Parameters(paramLabel = "PRINCIPAL") String name) {
    token.check();
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("name", name).put("role", role.name());
    return work.run(
        options,
        (client, output) -> token.show(client.send(ApiRequest.post(body, PRINCIPALS)), output));
  }

  @Command(
      name = "update",
      description = "Gives a principal another role.",
      footer = {"", "Example: principal update ci --role VIEWER --data DIR"})
  int update(
      @Mixin AdminOptions options,
      @Mixin RoleOption role,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "PRINCIPAL") String name) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("role", role.name());
    return work.run(
        options,
        (client, output) ->
            output.show(
                client.send(
                    ApiRequest.patch(body, PRINCIPALS, name).ifVersion(version.version()))));
  }

  @Command(
      name = "rotate",
      description = "Gives a principal another token, shown this once. The old one ends at once.",
      footer = {"", "Example: principal rotate ci --token-to ci-token --data DIR"})
  int rotate(
      @Mixin AdminOptions options,
      @Mixin TokenOption token,
      @Parameters(paramLabel = "PRINCIPAL") String name) {
    token.check();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return work.run(
        options,
        (client, output) ->
            token.show(
                client.send(ApiRequest.post(body, PRINCIPALS, name, "rotate-token")), output));
  }

  @Command(
      name = "delete",
      description = "Deletes a principal. The last admin stays.",
      footer = {"", "Example: principal delete ci --yes --data DIR"})
  int delete(
      @Mixin AdminOptions options,
      @Mixin YesOption yes,
      @Mixin VersionOption version,
      @Parameters(paramLabel = "PRINCIPAL") String name) {
    return work.delete(
        options,
        yes.yes(),
        "principal " + name,
        ApiRequest.delete(PRINCIPALS, name).ifVersion(version.version()));
  }

  @Command(
      name = "reset",
      description = {
        "Makes a new token for an admin whose token is lost, on the store itself, and writes it to"
            + " DIR/admin-token, which only its owner can read. Prints the file's path."
      },
      footer = {"", "Example: token reset --data DIR"})
  int reset(
      @Mixin AdminOptions options,
      @Parameters(
              paramLabel = "PRINCIPAL",
              arity = "0..1",
              defaultValue = AdminBootstrap.NAME,
              description = "the admin; made if it is not there. Default: " + AdminBootstrap.NAME)
          String name) {
    if (!options.onStore()) {
      throw CommandException.wrong(
          "A token is reset on the store itself: give --data DIR, or --config FILE");
    }
    Path directory =
        options
            .dataDirectory()
            .orElseThrow(
                () -> CommandException.wrong("--data DIR says where admin-token is to be written"));
    Path file = directory.resolve(AdminBootstrap.FILE);
    try (OpenStore store = OpenStore.open(options.storeConfig())) {
      store.resetToken(name, file);
    }
    work.terminal().out().println(file);
    return 0;
  }
}
