/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import java.time.Duration;
import java.util.List;

/** The table of all options: the only definition of their names, defaults and texts. */
@PublicApi
public final class SharingOptions {
  /** Prefix of upstream's session confs. */
  static final String CONF_PREFIX = "spark.delta.sharing.";

  public static final ConfigOption<String> PATH =
      ConfigOption.text(
          "path",
          "What to read: `<profile file>#<share>.<schema>.<table>`, split at the last `#`. The profile file is any"
              + " Hadoop path, or `env:NAME` for a profile's JSON in an environment variable. `load(path)` sets it."
              + " Where options give the credential, `<share>.<schema>.<table>` alone.");

  public static final ConfigOption<Boolean> REFUSE_MISSPELLED_OPTIONS =
      ConfigOption.flag(
          "refuseMisspelledOptions",
          true,
          "Refuse an option whose name differs from a known one by a letter or two: taken for an unknown one, which is"
              + " ignored with a warning, `verionAsOf` would read the latest version.");

  public static final ConfigOption<ResponseFormatOption> RESPONSE_FORMAT =
      ConfigOption.choice(
          "responseFormat",
          ResponseFormatOption.class,
          ResponseFormatOption.AUTO,
          "The response format that is requested from the server. `auto` offers both and follows the server's choice.");

  public static final ConfigOption<AccessMode> ACCESS_MODE =
      ConfigOption.choice(
          "accessMode",
          AccessMode.class,
          AccessMode.AUTO,
          "The way to the table's files. `url`: by signed URLs, which the server makes. `dir`: out of the table's"
              + " directory, with temporary credentials of the provider's cloud. `auto`: `url`, unless the server"
              + " offers the directory only.");

  public static final ConfigOption<Long> VERSION_AS_OF =
      ConfigOption.version(
          "versionAsOf",
          "Time travel: read this version of the table. The provider must share its history. Not together with"
              + " `timestampAsOf`.");

  public static final ConfigOption<String> TIMESTAMP_AS_OF =
      ConfigOption.timestamp(
          "timestampAsOf",
          "Time travel: read the version that was the latest at this time. Read as Spark casts a string to a"
              + " timestamp, in the session's time zone unless it names one. Not together with `versionAsOf`.");

  public static final ConfigOption<Boolean> READ_CHANGE_FEED =
      ConfigOption.flag(
          "readChangeFeed",
          false,
          "Read the table's changes instead of its rows: the Change Data Feed. The provider must share its history and"
              + " record changes.");

  public static final ConfigOption<Boolean> READ_CHANGE_DATA =
      ConfigOption.flag(
          "readChangeData", false, "An older name of `readChangeFeed`; either one reads changes.");

  public static final ConfigOption<String> STARTING_VERSION =
      ConfigOption.versionOrLatest(
          "startingVersion",
          "The first version that is read of a change feed or, without a snapshot before it, of a stream. `latest`, for"
              + " streams only: what comes after the latest version. Not together with `startingTimestamp`.");

  public static final ConfigOption<String> STARTING_TIMESTAMP =
      ConfigOption.timestamp(
          "startingTimestamp",
          "Read a change feed or a stream from the first version on that was committed at this time or later. Read like"
              + " `timestampAsOf`. Not together with `startingVersion`.");

  public static final ConfigOption<Long> ENDING_VERSION =
      ConfigOption.version(
          "endingVersion",
          "The last version whose changes are read, itself included; unset: the latest. Not together with"
              + " `endingTimestamp`.");

  public static final ConfigOption<String> ENDING_TIMESTAMP =
      ConfigOption.timestamp(
          "endingTimestamp",
          "Read changes up to the last version that was committed at this time or before. Not together with"
              + " `endingVersion`.");

  public static final ConfigOption<String> PROFILE_PROVIDER =
      ConfigOption.text(
          "profile.provider.class",
          "A class that gives profiles in place of the path's file: it implements"
              + " `io.github.deltasharing.client.ProfileSource` and has a public constructor `(Configuration, String)`,"
              + " which gets Hadoop's settings and the path's part before the `#`. It may add headers to requests."
              + " Classes of the upstream connector are refused, but for its default, which reads the file.",
          CONF_PREFIX + "profile.provider.class");

  public static final ConfigOption<String> CREDENTIAL_PROVIDER =
      ConfigOption.text(
          "credentialProvider",
          "A class that gives profiles in place of a file, out of a secret manager, say: it implements"
              + " `io.github.deltasharing.client.ProfileProvider` and has a public constructor without parameters."
              + " The path may be `<share>.<schema>.<table>` alone then.",
          CONF_PREFIX + "credentialProvider");

  public static final ConfigOption<Integer> TOKEN_MAX_RETRIES =
      ConfigOption.count(
          "oauth.tokenExchangeMaxRetries",
          0,
          5,
          "How often a failed request for an access token is tried again.",
          CONF_PREFIX + "oauth.tokenExchangeMaxRetries");

  public static final ConfigOption<Duration> TOKEN_MAX_RETRY_DURATION =
      ConfigOption.duration(
          "oauth.tokenExchangeMaxRetryDurationInSeconds",
          Duration.ofSeconds(60),
          "s",
          "No retry of a request for an access token starts later than this after the first try.",
          CONF_PREFIX + "oauth.tokenExchangeMaxRetryDurationInSeconds");

  public static final ConfigOption<Duration> TOKEN_RENEWAL_THRESHOLD =
      ConfigOption.duration(
          "oauth.tokenRenewalThresholdInSeconds",
          Duration.ofMinutes(10),
          "s",
          "How long before its expiry an access token is replaced: at most a fifth of its life, so that one that lives"
              + " for minutes is used for most of them.",
          CONF_PREFIX + "oauth.tokenRenewalThresholdInSeconds");

  public static final ConfigOption<String> WORKLOAD_IDENTITY_HOSTS =
      ConfigOption.text(
          "workloadIdentityHosts",
          "Comma-separated hosts that may get a token by which the driver's machine proves what it is (a workload's"
              + " token file, a managed identity), or one that it was exchanged for:"
              + " sharing servers and identity providers; `*.example.org` matches all"
              + " hosts below it. Unset: none, for profiles are written by others.",
          CONF_PREFIX + "workloadIdentityHosts");

  public static final ConfigOption<String> CALLER_ORG =
      ConfigOption.text(
          "callerOrg",
          "Name of the calling organisation, appended to the User-Agent header of every request.",
          CONF_PREFIX + "callerOrg");

  public static final ConfigOption<Integer> NUM_RETRIES =
      ConfigOption.count(
          "numRetries",
          0,
          3,
          "How often a failed request is tried again, where that is sound (429, 5xx, resets, timeouts, responses that"
              + " break off).",
          CONF_PREFIX + "network.numRetries");

  public static final ConfigOption<Duration> MAX_RETRY_DURATION =
      ConfigOption.duration(
          "maxRetryDuration",
          Duration.ofMinutes(10),
          "ms",
          "No retry starts later than this after the first try.",
          CONF_PREFIX + "network.maxRetryDuration");

  public static final ConfigOption<Duration> RETRY_SLEEP_INTERVAL =
      ConfigOption.duration(
          "retrySleepInterval",
          Duration.ofSeconds(1),
          "ms",
          "Pause before the first retry; it doubles from retry to retry, less up to a quarter at random. The retries of"
              + " a process share a budget besides, see `docs/network.md`.",
          CONF_PREFIX + "network.retrySleepInterval");

  public static final ConfigOption<Duration> TIMEOUT =
      ConfigOption.timeout(
          "timeout",
          Duration.ofSeconds(320),
          "s",
          "How long to wait for a connection (30 s at most), for the first byte of a response, and for the next bytes"
              + " each time that it pauses. A response that comes slower than 1 KiB a second in all,"
              + " from this time on, is aborted too.",
          CONF_PREFIX + "network.timeout");

  public static final ConfigOption<Boolean> USE_ASYNC_QUERY =
      ConfigOption.flag(
          "useAsyncQuery",
          false,
          "Allow the server to run the query asynchronously, and poll for its result. For tables so large that one"
              + " response takes longer than a proxy's or the server's timeout. A server that does not support asynchronous queries responds at once.",
          CONF_PREFIX + "network.useAsyncQuery");

  public static final ConfigOption<Duration> ASYNC_QUERY_RETRY_INTERVAL =
      ConfigOption.duration(
          "asyncQueryRetryInterval",
          Duration.ofSeconds(10),
          "ms",
          "Longest pause between two polls; the first ones are shorter.",
          CONF_PREFIX + "network.asyncQueryRetryInterval");

  public static final ConfigOption<Duration> ASYNC_QUERY_TIMEOUT =
      ConfigOption.duration(
          "asyncQueryTimeout",
          Duration.ofMinutes(10),
          "ms",
          "How long to poll for the result of one query.",
          CONF_PREFIX + "network.asyncQueryTimeout");

  public static final ConfigOption<String> PROXY_HOST =
      ConfigOption.text(
          "proxyHost",
          "HTTP proxy for every request: to the sharing server, to token endpoints and to the data files. Unset: Java's"
              + " own proxy settings of each machine, then the machine's environment (`proxyFromEnvironment`).",
          CONF_PREFIX + "network.proxyHost");

  public static final ConfigOption<Integer> PROXY_PORT =
      ConfigOption.port("proxyPort", "Port of the HTTP proxy.", CONF_PREFIX + "network.proxyPort");

  public static final ConfigOption<String> NO_PROXY_HOSTS =
      ConfigOption.text(
          "noProxyHosts",
          "Comma-separated hosts reached without the proxy of `proxyHost`: `store.example.org`; `*.example.org` for all"
              + " hosts below it; `.example.org` for itself and all below; `10.1.*`; `10.0.0.0/8` and `fd00::/8` for"
              + " hosts given as addresses; each may end with a port; `*` for all.",
          CONF_PREFIX + "network.noProxyHosts");

  public static final ConfigOption<Boolean> SSL_TRUST_ALL =
      ConfigOption.flag(
          "sslTrustAll",
          false,
          "Accept any certificate. For tests only: anybody on the way can then read the token and change the data.",
          CONF_PREFIX + "network.sslTrustAll");

  public static final ConfigOption<String> STORE_HOSTS =
      ConfigOption.text(
          "storeHosts",
          "Comma-separated hosts that data files may be read from, redirects included; `*.example.org` matches all"
              + " hosts below it. Unset: any host but link-local addresses, the clouds' metadata services and, unless the"
              + " sharing server is there, this machine.");

  public static final ConfigOption<Boolean> ALLOW_PLAIN_HTTP =
      ConfigOption.flag(
          "allowPlainHttp",
          false,
          "Send the profile's credential to an `http:` endpoint on another machine, where anybody on the way can read"
              + " and use it. Without it only an endpoint on this machine, such as `http://127.0.0.1:8080`, may be"
              + " one without TLS.");

  public static final ConfigOption<Integer> MAX_CONNECTIONS =
      ConfigOption.count(
          "maxConnections",
          1,
          64,
          "How many requests for data files an executor makes at a time, for all of its tasks together.",
          CONF_PREFIX + "network.maxConnections");

  public static final ConfigOption<Long> PREFETCH_MEMORY =
      ConfigOption.bytes(
          "prefetchMemory",
          64L << 20,
          "How much of its data a task may fetch ahead: the rest of a file, and the next files, while it decodes."
              + " `0` switches read-ahead off: each task makes one request at a time, whatever `maxConnections` says.");

  public static final ConfigOption<Long> CACHE_MEMORY =
      ConfigOption.bytes(
          "cacheMemory",
          0,
          "How much memory an executor spends on a cache of what its tasks fetched: footers, small files, column"
              + " chunks. A read of the same bytes again makes no request for them. It comes out of the"
              + " executor's heap, once for all tables, and is not given back before the executor ends. `0` switches"
              + " it off for a read.");

  public static final ConfigOption<Boolean> PAGINATION =
      ConfigOption.flag(
          "queryPagination.enabled",
          false,
          "Request the file list in pages of `maxFilesPerQueryRequest`. Pages that a server sends unrequested are always"
              + " followed.",
          CONF_PREFIX + "queryPagination.enabled");

  public static final ConfigOption<Integer> MAX_FILES_PER_QUERY_REQUEST =
      ConfigOption.count(
          "maxFilesPerQueryRequest",
          1,
          100_000,
          "Files per page when `queryPagination.enabled` is set.",
          CONF_PREFIX + "maxFilesPerQueryRequest");

  public static final ConfigOption<Duration> PRE_SIGNED_URL_EXPIRATION =
      ConfigOption.timeout(
          "preSignedUrl.expirationMs",
          Duration.ofHours(1),
          "ms",
          "How long the URLs of data files live, where the server does not say. They are renewed shortly before, and"
              + " whenever the store refuses one.",
          CONF_PREFIX + "preSignedUrl.expirationMs");

  public static final ConfigOption<Boolean> FILTER_PUSHDOWN =
      ConfigOption.flag(
          "filterPushdown.enabled",
          true,
          "Use predicates for anything but checking rows. `false` switches all of the next five off. For diagnosis:"
              + " results are the same either way, as for all switches of pushdown.");

  public static final ConfigOption<Boolean> PREDICATE_HINTS =
      ConfigOption.flag(
          "predicateHints.enabled",
          true,
          "Send predicates to the server in SQL (`predicateHints`).");

  public static final ConfigOption<Boolean> JSON_PREDICATE_HINTS =
      ConfigOption.flag(
          "jsonPredicateHints.enabled",
          true,
          "Send predicates to the server in JSON (`jsonPredicateHints`).",
          CONF_PREFIX + "jsonPredicateHints.enabled");

  public static final ConfigOption<Boolean> JSON_PREDICATE_V2_HINTS =
      ConfigOption.flag(
          "jsonPredicateV2Hints.enabled",
          true,
          "Send predicates on data columns to the server too, not only those on partition columns.",
          CONF_PREFIX + "jsonPredicateV2Hints.enabled");

  public static final ConfigOption<Boolean> FILE_SKIPPING =
      ConfigOption.flag(
          "fileSkipping.enabled", true, "Skip files whose statistics rule out a matching row.");

  public static final ConfigOption<Boolean> PARQUET_FILTER_PUSHDOWN =
      ConfigOption.flag(
          "parquetFilterPushdown.enabled",
          true,
          "Skip row groups and pages of a file by Parquet's statistics. Spark's own"
              + " `spark.sql.parquet.filterPushdown` has to allow it too.");

  public static final ConfigOption<String> DATETIME_REBASE_MODE =
      rebaseMode(
          "datetimeRebaseMode",
          "Dates before 1582, and times before 1900 that are not INT96, in files that do not say by which calendar",
          "datetimeRebaseModeInRead");

  public static final ConfigOption<String> INT96_REBASE_MODE =
      rebaseMode("int96RebaseMode", "The same for INT96 timestamps", "int96RebaseModeInRead");

  public static final ConfigOption<Boolean> LIMIT_PUSHDOWN =
      ConfigOption.flag(
          "limitPushdown.enabled",
          true,
          "Send a LIMIT to the server (`limitHint`), and read only as many files as have enough rows.",
          CONF_PREFIX + "limitPushdown.enabled");

  public static final ConfigOption<Boolean> TOP_N_PUSHDOWN =
      ConfigOption.flag(
          "topNPushdown.enabled",
          true,
          "For ORDER BY with LIMIT, skip files whose statistics say that others have the first rows.");

  public static final ConfigOption<Boolean> AGGREGATE_PUSHDOWN =
      ConfigOption.flag(
          "aggregatePushdown.enabled",
          true,
          "Compute COUNT, MIN and MAX from exact statistics, without reading a file.");

  public static final ConfigOption<Boolean> RUNTIME_FILTERING =
      ConfigOption.flag(
          "runtimeFiltering.enabled",
          true,
          "Skip files that the values of a join's other side rule out (dynamic pruning).");

  /** All options that this version honours, in the order of the documentation. */
  public static final List<ConfigOption<?>> ALL =
      List.of(
          PATH,
          REFUSE_MISSPELLED_OPTIONS,
          RESPONSE_FORMAT,
          ACCESS_MODE,
          VERSION_AS_OF,
          TIMESTAMP_AS_OF,
          READ_CHANGE_FEED,
          READ_CHANGE_DATA,
          STARTING_VERSION,
          STARTING_TIMESTAMP,
          ENDING_VERSION,
          ENDING_TIMESTAMP,
          PROFILE_PROVIDER,
          CREDENTIAL_PROVIDER,
          TOKEN_MAX_RETRIES,
          TOKEN_MAX_RETRY_DURATION,
          TOKEN_RENEWAL_THRESHOLD,
          WORKLOAD_IDENTITY_HOSTS,
          CALLER_ORG,
          NUM_RETRIES,
          MAX_RETRY_DURATION,
          NetworkOptions.MAX_OUTAGE_DURATION,
          RETRY_SLEEP_INTERVAL,
          TIMEOUT,
          USE_ASYNC_QUERY,
          ASYNC_QUERY_RETRY_INTERVAL,
          ASYNC_QUERY_TIMEOUT,
          PROXY_HOST,
          PROXY_PORT,
          NetworkOptions.PROXY_USER,
          NetworkOptions.PROXY_PASSWORD,
          NO_PROXY_HOSTS,
          NetworkOptions.PROXY_FROM_ENVIRONMENT,
          NetworkOptions.SSL_TRUST_STORE,
          NetworkOptions.SSL_TRUST_STORE_PASSWORD,
          NetworkOptions.SSL_KEY_STORE,
          NetworkOptions.SSL_KEY_STORE_PASSWORD,
          NetworkOptions.SSL_KEY_STORE_ON_EXECUTORS,
          NetworkOptions.SSL_MIN_VERSION,
          SSL_TRUST_ALL,
          STORE_HOSTS,
          ALLOW_PLAIN_HTTP,
          MAX_CONNECTIONS,
          PREFETCH_MEMORY,
          CACHE_MEMORY,
          PAGINATION,
          MAX_FILES_PER_QUERY_REQUEST,
          PRE_SIGNED_URL_EXPIRATION,
          FILTER_PUSHDOWN,
          PREDICATE_HINTS,
          JSON_PREDICATE_HINTS,
          JSON_PREDICATE_V2_HINTS,
          FILE_SKIPPING,
          PARQUET_FILTER_PUSHDOWN,
          DATETIME_REBASE_MODE,
          INT96_REBASE_MODE,
          LIMIT_PUSHDOWN,
          TOP_N_PUSHDOWN,
          AGGREGATE_PUSHDOWN,
          RUNTIME_FILTERING,
          StreamOptions.MAX_FILES_PER_TRIGGER,
          StreamOptions.MAX_BYTES_PER_TRIGGER,
          StreamOptions.MAX_VERSIONS_PER_RPC,
          StreamOptions.IGNORE_DELETES,
          StreamOptions.IGNORE_CHANGES,
          StreamOptions.SKIP_CHANGE_COMMITS,
          StreamOptions.FAIL_ON_START_AFTER_LATEST,
          StreamOptions.QUERY_TABLE_VERSION_INTERVAL);

  /** Options that belong to one read: one value for all tables of a session makes no sense. */
  @Internal
  public static final List<ConfigOption<?>> READER_ONLY =
      List.of(
          VERSION_AS_OF,
          TIMESTAMP_AS_OF,
          READ_CHANGE_FEED,
          READ_CHANGE_DATA,
          STARTING_VERSION,
          STARTING_TIMESTAMP,
          ENDING_VERSION,
          ENDING_TIMESTAMP);

  private static ConfigOption<String> rebaseMode(String key, String what, String conf) {
    return ConfigOption.oneOf(
        key,
        List.of("EXCEPTION", "CORRECTED", "LEGACY"),
        what
            + ": fail, read them as they are, or as writers before Spark 3.0 meant them, as of Spark's Parquet source. The"
            + " session's `spark.sql.parquet."
            + conf
            + "` if it is not set.");
  }

  private SharingOptions() {}
}
