/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.config;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.share.SharedShare;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.Shares;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code SharingServer} needs to know: where it listens, what clients must send, what is
 * shared. Read from the reference server's {@code share.yaml} with {@link #read(Path)} or made with
 * {@link #builder()}. Immutable.
 */
@PublicApi
public final class ShareConfig {
  private final Builder values;
  private final ServerSettings settings;
  private final List<SharedShare> shares;

  private ShareConfig(Builder values, ServerSettings settings, List<SharedShare> shares) {
    this.values = values;
    this.settings = settings;
    this.shares = shares;
  }

  /**
   * Reads a {@code share.yaml}. Relative paths in it are relative to its directory.
   *
   * @throws ConfigException when the file cannot be read or a value is wrong
   */
  public static ShareConfig read(Path file) {
    return ShareConfigReader.read(file).build();
  }

  /** Starts a configuration with the defaults of {@code share.yaml} and nothing shared. */
  public static Builder builder() {
    return new Builder();
  }

  /** The host name or address to listen on. */
  public String host() {
    return values.host;
  }

  /** The port to listen on, 0 for any free one. */
  public int port() {
    return values.port;
  }

  /** The prefix of every path, such as {@code /delta-sharing}; no slash at its end. */
  public String endpoint() {
    return values.endpoint;
  }

  /** The token that clients must send; empty only when anonymous clients were allowed. */
  public Optional<String> bearerToken() {
    return Optional.ofNullable(values.bearerToken);
  }

  /** What signs URLs and tokens: a secret; empty for a random key of each start. */
  public Optional<String> signingKey() {
    return Optional.ofNullable(values.signingKey);
  }

  /** How to serve TLS; empty for plain HTTP. */
  public Optional<TlsConfig> tls() {
    return Optional.ofNullable(values.tls);
  }

  /** The settings that have defaults. */
  @Internal
  public ServerSettings settings() {
    return settings;
  }

  /** What is shared. */
  @Internal
  public List<SharedShare> shares() {
    return shares;
  }

  @Override
  public String toString() {
    return "ShareConfig[%s:%d%s, %d shares, %s]"
        .formatted(
            host(),
            port(),
            endpoint(),
            shares.size(),
            bearerToken().isPresent() ? "token" : "open");
  }

  /** The location of a table in a directory of this machine. */
  static URI uri(Path directory) {
    try {
      return new URI("file", "", directory.toAbsolutePath().normalize().toString(), null);
    } catch (URISyntaxException e) {
      throw new ConfigException("The table's directory " + directory + " is no path", e);
    }
  }

  /** Collects the values of a {@link ShareConfig}. Not thread-safe. */
  public static final class Builder {
    private static final int LEAST_KEY_CHARACTERS = 32;

    private String host = "localhost";
    private int port = 80;
    private String endpoint = "/delta-sharing";
    private String bearerToken;
    private boolean anonymousAllowed;
    private TlsConfig tls;
    private String signingKey;
    private final SettingValues<ServerSettings> settings =
        new SettingValues<>(ServerSettings.class);
    private final List<SharedShare> shares = new ArrayList<>();

    private Builder() {}

    private Builder(Builder other) {
      host = other.host;
      port = other.port;
      endpoint = other.endpoint;
      bearerToken = other.bearerToken;
      tls = other.tls;
      signingKey = other.signingKey;
    }

    /** Where to listen; {@code localhost} is 127.0.0.1. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** The port; 0 for any free one. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** The prefix of every path. */
    public Builder endpoint(String endpoint) {
      this.endpoint = endpoint;
      return this;
    }

    /** The token that clients must send. */
    public Builder bearerToken(String bearerToken) {
      this.bearerToken = bearerToken;
      return this;
    }

    /** Allows a server without a token: everybody who reaches it reads everything. */
    public Builder allowAnonymous(boolean allowed) {
      this.anonymousAllowed = allowed;
      return this;
    }

    /**
     * Signs URLs of files and tokens with this text, 32 characters or more, so that they outlive a
     * restart and other servers with the same key take them; without one the key is a random one of
     * each start. A secret.
     */
    public Builder signingKey(String key) {
      this.signingKey = key;
      return this;
    }

    /** Serves TLS. */
    public Builder tls(TlsConfig tls) {
      this.tls = tls;
      return this;
    }

    /** How long the URL of a file is valid. */
    public Builder preSignedUrlTimeoutSeconds(long seconds) {
      settings.set("preSignedUrlTimeoutSeconds", seconds);
      return this;
    }

    /** Kept for compatibility; this server issues no temporary credentials. */
    public Builder temporaryCredentialValiditySeconds(long seconds) {
      settings.set("temporaryCredentialValiditySeconds", seconds);
      return this;
    }

    /** How many tables' latest snapshots are kept. */
    public Builder deltaTableCacheSize(int tables) {
      settings.set("deltaTableCacheSize", tables);
      return this;
    }

    /** Whether a kept snapshot may be used for some seconds without looking for new commits. */
    public Builder stalenessAcceptable(boolean acceptable) {
      settings.set("stalenessAcceptable", acceptable);
      return this;
    }

    /** Whether SQL hints skip files. */
    public Builder evaluatePredicateHints(boolean evaluate) {
      settings.set("evaluatePredicateHints", evaluate);
      return this;
    }

    /** Whether JSON hints skip files by partition values. */
    public Builder evaluateJsonPredicateHints(boolean evaluate) {
      settings.set("evaluateJsonPredicateHints", evaluate);
      return this;
    }

    /** Whether JSON hints skip files by statistics too. */
    public Builder evaluateJsonPredicateHintsV2(boolean evaluate) {
      settings.set("evaluateJsonPredicateHintsV2", evaluate);
      return this;
    }

    /** How long a connection may be idle. */
    public Builder requestTimeoutSeconds(long seconds) {
      settings.set("requestTimeoutSeconds", seconds);
      return this;
    }

    /** The most files on a page. */
    public Builder queryTablePageSizeLimit(int files) {
      settings.set("queryTablePageSizeLimit", files);
      return this;
    }

    /** How long a page token is valid. */
    public Builder queryTablePageTokenTtlMs(long millis) {
      settings.set("queryTablePageTokenTtlMs", millis);
      return this;
    }

    /** How long a refresh token is valid. */
    public Builder refreshTokenTtlMs(long millis) {
      settings.set("refreshTokenTtlMs", millis);
      return this;
    }

    /**
     * After what time a query of a client that can poll gets an id to poll with; 0 for always,
     * below 0 for never.
     */
    public Builder asyncQueryAfterMs(long millis) {
      settings.set("asyncQueryAfterMs", millis);
      return this;
    }

    /** How long a query is kept after the last poll for it. */
    public Builder asyncQueryTtlMs(long millis) {
      settings.set("asyncQueryTtlMs", millis);
      return this;
    }

    /**
     * How many queries are kept for polling; further ones are not polled for: their responses come
     * at once.
     */
    public Builder maxAsyncQueries(int queries) {
      settings.set("maxAsyncQueries", queries);
      return this;
    }

    /** Adds a share with all that is in it. */
    @Internal
    public Builder share(SharedShare share) {
      shares.add(share);
      return this;
    }

    /** Shares a table: the latest version only. */
    public Builder table(String share, String schema, String table, Path directory) {
      return table(new SharedTable(share, schema, table, uri(directory), "", false, 0));
    }

    /** Shares a table with its history: older versions and changes too. */
    public Builder tableWithHistory(String share, String schema, String table, Path directory) {
      return table(new SharedTable(share, schema, table, uri(directory), "", true, 0));
    }

    /** Shares a table, in a share and a schema that are added when they are missing. */
    @Internal
    public Builder table(SharedTable table) {
      Shares.add(shares, table);
      return this;
    }

    /**
     * Checks the values and makes the configuration.
     *
     * @throws ConfigException when a value is wrong; the message names its key
     */
    public ShareConfig build() {
      require(host != null && !host.isBlank(), "host", host, "a host name or an address");
      require(port >= 0 && port <= 65_535, "port", port, "a number from 0 to 65535");
      require(
          endpoint.matches("/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]"), "endpoint", endpoint, "a path");
      if (bearerToken == null && !anonymousAllowed) {
        throw new ConfigException(
            "authorization.bearerToken is missing: without it everybody who reaches the server"
                + " reads every table. Set it, or start the server with --allow-anonymous");
      }
      if (bearerToken != null && bearerToken.isBlank()) {
        throw new ConfigException("authorization.bearerToken is empty: give it a value");
      }
      if (signingKey != null && signingKey.length() < LEAST_KEY_CHARACTERS) {
        throw new ConfigException(
            "signingKey has %d characters: it must have %d or more, of a random text"
                .formatted(signingKey.length(), LEAST_KEY_CHARACTERS));
      }
      ShareNames.check(shares);
      return new ShareConfig(new Builder(this), settings.build(), List.copyOf(shares));
    }

    /** The settings that have defaults, to be set by their keys. */
    SettingValues<ServerSettings> settings() {
      return settings;
    }

    private static void require(boolean condition, String key, Object value, String allowed) {
      if (!condition) {
        throw ConfigException.wrong(key, value, allowed);
      }
    }
  }
}
