/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The arguments of {@link ServerMain}. Immutable.
 *
 * @param config the configuration file
 * @param host overrides the file's host
 * @param port overrides the file's port
 * @param allowAnonymous whether to run without a token
 * @param help whether to print the usage only
 * @param version whether to print the version only
 */
record CommandLine(
    Optional<Path> config,
    Optional<String> host,
    OptionalInt port,
    boolean allowAnonymous,
    boolean help,
    boolean version) {

  static final String USAGE =
      """
      Usage: java -jar delta-sharing-server.jar --config share.yaml [options]

        --config FILE       what is shared and who may read it (the reference server's share.yaml)
        --host HOST         listen on this host or address instead of the file's
        --port PORT         listen on this port instead of the file's, 0 for any free one
        --allow-anonymous   start although the file has no authorization.bearerToken
        --help              print this and end
        --version           print the version and end

      The first line on stdout is 'listening on <endpoint>'. Logs go to stderr.
      """;

  static CommandLine parse(String[] args) {
    Optional<Path> config = Optional.empty();
    Optional<String> host = Optional.empty();
    OptionalInt port = OptionalInt.empty();
    boolean allowAnonymous = false;
    boolean help = false;
    boolean version = false;
    for (int i = 0; i < args.length; i++) {
      String[] option = args[i].split("=", 2);
      boolean takesValue =
          option[0].equals("--config") || option[0].equals("--host") || option[0].equals("--port");
      String value = option.length == 2 ? option[1] : null;
      if (takesValue && value == null) {
        if (i + 1 == args.length) {
          throw new ConfigException(option[0] + " needs a value. See --help");
        }
        value = args[++i];
      }
      switch (option[0]) {
        case "--config" -> config = Optional.of(Path.of(value));
        case "--host" -> host = Optional.of(value);
        case "--port" -> port = OptionalInt.of(port(value));
        case "--allow-anonymous" -> allowAnonymous = true;
        case "--help", "-h" -> help = true;
        case "--version" -> version = true;
        default -> throw new ConfigException("There is no option " + option[0] + ". See --help");
      }
    }
    return new CommandLine(config, host, port, allowAnonymous, help, version);
  }

  private static int port(String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
      throw new ConfigException("--port is '" + value + "': it must be a number from 0 to 65535");
    }
    return Integer.parseInt(value);
  }

  /** The configuration that the file and the options make. */
  ShareConfig shareConfig() {
    Path file = config.orElseThrow(() -> new ConfigException("--config is missing. See --help"));
    ShareConfig.Builder builder = ShareConfigReader.read(file).allowAnonymous(allowAnonymous);
    host.ifPresent(builder::host);
    port.ifPresent(builder::port);
    return builder.build();
  }
}
