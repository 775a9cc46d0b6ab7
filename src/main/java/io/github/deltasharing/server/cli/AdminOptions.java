/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.config.ShareConfigReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Where an admin command works, and how it shows what it gets. A token is never an argument: every
 * user of a machine sees these. Filled by picocli.
 */
final class AdminOptions {
  static final String SERVER = "DELTA_SHARING_SERVER";
  static final String TOKEN = "DELTA_SHARING_TOKEN";
  static final String TOKEN_FILE = "DELTA_SHARING_TOKEN_FILE";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "the server to work on, such as https://sharing.example.com; or " + SERVER)
  private String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "has a principal's token for it; or " + TOKEN_FILE + ", or the token in " + TOKEN)
  private Path tokenFile;

  @Option(names = "--token", hidden = true, arity = "0..1", fallbackValue = "")
  private String token;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "work on the store in DIR instead, which no server may have open")
  private Path data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "work on the store that this share.yaml names")
  private Path config;

  @Option(
      names = "--allow-location",
      paramLabel = "DIR",
      description = "with --data: tables below DIR may be shared; may be repeated")
  private List<Path> allowedLocations = new ArrayList<>();

  @Option(
      names = "--external-url",
      paramLabel = "URL",
      description = "with --data or --config: what recipients reach the server by")
  private String externalUrl;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, or json: the body of the API's response. Default: table")
  private Format format;

  /** How output is shown. */
  enum Format {
    TABLE,
    JSON
  }

  Format format() {
    return format;
  }

  boolean onStore() {
    return data != null || config != null;
  }

  /** The way that the options say. */
  AdminClient open(Terminal terminal) {
    if (token != null) {
      throw CommandException.wrong(
          "A token on the command line can be read by others. Write it to a file for --token-file");
    }
    if (onStore()) {
      if (server != null || tokenFile != null) {
        throw CommandException.wrong(
            "--server and --token-file do not go with --data and --config");
      }
      return new StoreAdminClient(OpenStore.open(storeConfig()));
    }
    if (!allowedLocations.isEmpty() || externalUrl != null) {
      throw CommandException.wrong(
          "--allow-location and --external-url go with --data and --config only");
    }
    URI uri = server(terminal);
    warnOfPlainHttp(uri, terminal);
    return new HttpAdminClient(uri, token(terminal));
  }

  /** What the store's options say. */
  ShareConfig storeConfig() {
    ShareConfigBuilder builder =
        config == null ? ShareConfig.builder() : ShareConfigReader.read(config);
    if (data != null) {
      builder.data(data);
    }
    allowedLocations.forEach(builder::allowLocation);
    if (externalUrl != null) {
      builder.externalUrl(externalUrl);
    }
    return builder.build();
  }

  /** Where the embedded store, or the first token, is. */
  Optional<Path> dataDirectory() {
    return storeConfig().provider().flatMap(provider -> provider.data());
  }

  private URI server(Terminal terminal) {
    String text = server != null ? server : terminal.environment().getOrDefault(SERVER, "");
    if (text.isEmpty()) {
      throw CommandException.wrong(
          "Say where: --server URL and --token-file FILE for a server that runs, or --data DIR for"
              + " a store that none has open. See --help");
    }
    try {
      URI uri = URI.create(text.replaceFirst("/+$", ""));
      if (uri.getHost() != null
          && List.of("http", "https").contains(uri.getScheme())
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the text: it may have a password in it.
    }
    throw CommandException.wrong(
        "--server must be like https://sharing.example.com or http://127.0.0.1:8080");
  }

  private static void warnOfPlainHttp(URI uri, Terminal terminal) {
    try {
      if (uri.getScheme().equals("http")
          && !InetAddress.getByName(uri.getHost()).isLoopbackAddress()) {
        terminal.err().println("Warning: the token goes to " + uri + " unencrypted. Use https");
      }
    } catch (UnknownHostException e) {
      // The request will say so.
    }
  }

  private String token(Terminal terminal) {
    String file = terminal.environment().getOrDefault(TOKEN_FILE, "");
    Path path = tokenFile != null || file.isEmpty() ? tokenFile : Path.of(file);
    String text =
        path == null ? terminal.environment().getOrDefault(TOKEN, "") : read(path).strip();
    if (!text.matches("[\\x21-\\x7e]+")) {
      throw CommandException.wrong(
          (path == null ? TOKEN : path.toString())
              + (text.isEmpty() ? " has no token" : " has no token: it has blanks")
              + ". Give --token-file a file with a principal's token, such as DIR/admin-token");
    }
    return text;
  }

  private static String read(Path path) {
    try {
      if (Files.size(path) > 1 << 16) {
        throw CommandException.wrong(path + " is too long for a token");
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new ConfigException("Cannot read the token in " + path + ": " + e, e);
    }
  }
}
