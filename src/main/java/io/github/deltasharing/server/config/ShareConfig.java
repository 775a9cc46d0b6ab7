package io.github.deltasharing.server.config;

import io.github.deltasharing.server.SharingServer;
import io.github.deltasharing.server.share.Share;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.Shares;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a {@link SharingServer} needs to know: where it listens, who may ask, what is shared. Read
 * from the reference server's {@code share.yaml} with {@link #read(Path)} or made with {@link
 * #builder()}. Immutable.
 */
public final class ShareConfig {
  private final Builder values;
  private final ServerSettings settings;
  private final List<Share> shares;

  private ShareConfig(Builder values, ServerSettings settings, List<Share> shares) {
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

  /** How to serve TLS; empty for plain HTTP. */
  public Optional<TlsConfig> tls() {
    return Optional.ofNullable(values.tls);
  }

  /** The settings that have defaults. */
  public ServerSettings settings() {
    return settings;
  }

  /** What is shared. */
  public List<Share> shares() {
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

  /** Collects the values of a {@link ShareConfig}. Not thread-safe. */
  public static final class Builder {
    private static final long HOUR_SECONDS = 3600;

    private String host = "localhost";
    private int port = 80;
    private String endpoint = "/delta-sharing";
    private String bearerToken;
    private boolean anonymousAllowed;
    private TlsConfig tls;
    private long preSignedUrlTimeoutSeconds = HOUR_SECONDS;
    private long temporaryCredentialValiditySeconds = HOUR_SECONDS;
    private int deltaTableCacheSize = 10;
    private boolean stalenessAcceptable;
    private boolean evaluatePredicateHints;
    private boolean evaluateJsonPredicateHints = true;
    private boolean evaluateJsonPredicateHintsV2 = true;
    private long requestTimeoutSeconds = 30;
    private int queryTablePageSizeLimit = 10_000;
    private long queryTablePageTokenTtlMs = 72 * HOUR_SECONDS * 1000;
    private long refreshTokenTtlMs = HOUR_SECONDS * 1000;
    private long asyncQueryAfterMs = 1_000;
    private long asyncQueryTtlMs = 600_000;
    private int maxAsyncQueries = 100;
    private final List<Share> shares = new ArrayList<>();

    private Builder() {}

    private Builder(Builder other) {
      host = other.host;
      port = other.port;
      endpoint = other.endpoint;
      bearerToken = other.bearerToken;
      tls = other.tls;
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

    /** Serves TLS. */
    public Builder tls(TlsConfig tls) {
      this.tls = tls;
      return this;
    }

    /** How long the URL of a file is valid. */
    public Builder preSignedUrlTimeoutSeconds(long seconds) {
      this.preSignedUrlTimeoutSeconds = seconds;
      return this;
    }

    /** Kept for compatibility; this server issues no temporary credentials. */
    public Builder temporaryCredentialValiditySeconds(long seconds) {
      this.temporaryCredentialValiditySeconds = seconds;
      return this;
    }

    /** How many tables' latest snapshots are kept. */
    public Builder deltaTableCacheSize(int tables) {
      this.deltaTableCacheSize = tables;
      return this;
    }

    /** Whether a kept snapshot may be used for some seconds without looking for new commits. */
    public Builder stalenessAcceptable(boolean acceptable) {
      this.stalenessAcceptable = acceptable;
      return this;
    }

    /** Whether SQL hints skip files. */
    public Builder evaluatePredicateHints(boolean evaluate) {
      this.evaluatePredicateHints = evaluate;
      return this;
    }

    /** Whether JSON hints skip files by partition values. */
    public Builder evaluateJsonPredicateHints(boolean evaluate) {
      this.evaluateJsonPredicateHints = evaluate;
      return this;
    }

    /** Whether JSON hints skip files by statistics too. */
    public Builder evaluateJsonPredicateHintsV2(boolean evaluate) {
      this.evaluateJsonPredicateHintsV2 = evaluate;
      return this;
    }

    /** How long a connection may be idle. */
    public Builder requestTimeoutSeconds(long seconds) {
      this.requestTimeoutSeconds = seconds;
      return this;
    }

    /** The most files on a page. */
    public Builder queryTablePageSizeLimit(int files) {
      this.queryTablePageSizeLimit = files;
      return this;
    }

    /** How long a page token is valid. */
    public Builder queryTablePageTokenTtlMs(long millis) {
      this.queryTablePageTokenTtlMs = millis;
      return this;
    }

    /** How long a refresh token is valid. */
    public Builder refreshTokenTtlMs(long millis) {
      this.refreshTokenTtlMs = millis;
      return this;
    }

    /**
     * After what time a query of a client that can poll is answered with an id to poll with; 0 for
     * always, below 0 for never.
     */
    public Builder asyncQueryAfterMs(long millis) {
      this.asyncQueryAfterMs = millis;
      return this;
    }

    /** How long a query is kept that nobody polls for. */
    public Builder asyncQueryTtlMs(long millis) {
      this.asyncQueryTtlMs = millis;
      return this;
    }

    /** How many queries are kept for polling; more are answered at once. */
    public Builder maxAsyncQueries(int queries) {
      this.maxAsyncQueries = queries;
      return this;
    }

    /** Adds a share with all that is in it. */
    public Builder share(Share share) {
      shares.add(share);
      return this;
    }

    /** Shares a table: the latest version only. */
    public Builder table(String share, String schema, String table, Path directory) {
      return table(new SharedTable(share, schema, table, directory, "", false, 0));
    }

    /** Shares a table, in a share and a schema that are added when they are missing. */
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
      checkPositive("preSignedUrlTimeoutSeconds", preSignedUrlTimeoutSeconds);
      checkPositive("temporaryCredentialValiditySeconds", temporaryCredentialValiditySeconds);
      checkPositive("deltaTableCacheSize", deltaTableCacheSize);
      checkPositive("requestTimeoutSeconds", requestTimeoutSeconds);
      checkPositive("queryTablePageSizeLimit", queryTablePageSizeLimit);
      checkPositive("queryTablePageTokenTtlMs", queryTablePageTokenTtlMs);
      checkPositive("refreshTokenTtlMs", refreshTokenTtlMs);
      checkPositive("asyncQueryTtlMs", asyncQueryTtlMs);
      checkPositive("maxAsyncQueries", maxAsyncQueries);
      Shares.check(shares);
      return new ShareConfig(new Builder(this), settings(), List.copyOf(shares));
    }

    private ServerSettings settings() {
      return new ServerSettings(
          preSignedUrlTimeoutSeconds,
          temporaryCredentialValiditySeconds,
          deltaTableCacheSize,
          stalenessAcceptable,
          evaluatePredicateHints,
          evaluateJsonPredicateHints,
          evaluateJsonPredicateHintsV2,
          requestTimeoutSeconds,
          queryTablePageSizeLimit,
          queryTablePageTokenTtlMs,
          refreshTokenTtlMs,
          asyncQueryAfterMs,
          asyncQueryTtlMs,
          maxAsyncQueries);
    }

    private static void checkPositive(String key, long value) {
      require(value > 0, key, value, "a number above 0");
    }

    private static void require(boolean condition, String key, Object value, String allowed) {
      if (!condition) {
        throw new ConfigException(
            String.format(Locale.ROOT, "%s is '%s': it must be %s", key, value, allowed));
      }
    }
  }
}
