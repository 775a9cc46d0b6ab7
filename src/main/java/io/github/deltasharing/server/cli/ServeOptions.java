/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ConfigSource;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigBuilder;
import io.github.deltasharing.server.config.ShareConfigReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of a server's start. Filled by picocli. */
final class ServeOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "what is shared and who may read it (the reference server's share.yaml)")
  private Path config;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "listen on this host or address instead of the file's")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = Port.class,
      description = "listen on this port instead of the file's, 0 for any free one")
  private Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "keep shares, recipients and grants in DIR, and serve the admin API; the first start"
              + " writes the admin's token to DIR/admin-token")
  private Path data;

  @Option(
      names = "--allow-location",
      paramLabel = "DIR",
      description = "tables below DIR may be shared by the admin API; may be repeated")
  private List<Path> allowedLocations = new ArrayList<>();

  @Option(
      names = "--allow-anonymous",
      description = "start although the file has no authorization.bearerToken")
  private boolean allowAnonymous;

  /** A number from 0 to 65535. */
  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
        throw new TypeConversionException("'" + value + "' is no number from 0 to 65535");
      }
      return Integer.valueOf(value);
    }
  }

  /** The configuration that the file and the options make. */
  ShareConfig shareConfig() {
    if (config == null && data == null) {
      throw new ConfigException("--config is missing. See --help");
    }
    ShareConfigBuilder builder =
        config == null ? ShareConfig.builder() : ShareConfigReader.read(config);
    builder.allowAnonymous(allowAnonymous);
    if (data != null) {
      builder.data(data);
    }
    allowedLocations.forEach(builder::allowLocation);
    if (host != null) {
      builder.host(host);
    }
    if (port != null) {
      builder.port(port);
    }
    if (config != null) {
      builder.source(new ConfigSource(config, this::shareConfig));
    }
    return builder.build();
  }
}
