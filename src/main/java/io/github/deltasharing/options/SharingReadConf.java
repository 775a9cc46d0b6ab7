/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.error.CredentialErrors;
import io.github.deltasharing.error.NearestName;
import io.github.deltasharing.error.SharingErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of one read, typed, with their precedence: reader option, then session conf, then
 * default. Built and checked once, on the driver; immutable.
 */
@PublicApi
public final class SharingReadConf {
  private static final Logger LOG = LoggerFactory.getLogger(SharingReadConf.class);

  /** Prefix of session confs that set this source's options. */
  private static final String SOURCE_PREFIX = "spark.datasource.deltaSharing.";

  /** Names that Spark itself puts among a source's options. */
  private static final Set<String> SPARKS_OWN = Set.of("paths", "__paths__");

  private final Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Function<String, String> sessionConf;
  private final OptionFiles files;
  private final InlineCredential credential;

  /** Made when first needed, because it reads files. */
  private HttpSettings http;

  /** All options as they were when this was made. */
  private final Map<String, Object> values = new HashMap<>();

  /**
   * Reads and checks all options.
   *
   * @param options the reader's options, in any case
   * @param sessionConf looks up a session conf by name; returns null where it is unset
   * @throws IllegalArgumentException naming the first option whose value is not allowed or cannot
   *     be honoured
   */
  public SharingReadConf(Map<String, String> options, Function<String, String> sessionConf) {
    this(options, sessionConf, OptionFiles.LOCAL);
  }

  /**
   * The same.
   *
   * @param files reads the files that options name
   */
  @Internal
  public SharingReadConf(
      Map<String, String> options, Function<String, String> sessionConf, OptionFiles files) {
    this.options.putAll(options);
    this.sessionConf = sessionConf;
    this.files = files;
    refuseSessionWide();
    SharingOptions.ALL.stream()
        .filter(option -> !option.equals(SharingOptions.PATH))
        .forEach(option -> values.put(option.key(), get(option)));
    refuseConflicts();
    requireCompanions();
    checkNames();
    this.credential = readCredential();
  }

  /** The defaults, for a program that has no options to give. */
  public static SharingReadConf defaults() {
    return new SharingReadConf(Map.of(), name -> null);
  }

  /** The value of one option; null where it is unset and has no default. */
  public <T> T get(ConfigOption<T> option) {
    String given = options.get(option.key());
    if (given != null) {
      return option.parse(option.key(), given);
    }
    String sourceConf = SOURCE_PREFIX + option.key();
    String fromSource = sessionConf.apply(sourceConf);
    if (fromSource != null) {
      return option.parse(sourceConf, fromSource);
    }
    for (String name : option.sessionConfs()) {
      String value = sessionConf.apply(name);
      if (value != null) {
        return option.parse(name, value);
      }
    }
    return option.defaultValue();
  }

  /** Whether the table's changes are to be read, not its rows. */
  public boolean readsChanges() {
    return get(SharingOptions.READ_CHANGE_FEED) || get(SharingOptions.READ_CHANGE_DATA);
  }

  /** Whether it has a value that is not the default. */
  boolean isSet(ConfigOption<?> option) {
    return options.containsKey(option.key())
        || sessionConf.apply(SOURCE_PREFIX + option.key()) != null
        || option.sessionConfs().stream().anyMatch(name -> sessionConf.apply(name) != null);
  }

  /**
   * How HTTP is to be spoken.
   *
   * @throws IllegalArgumentException naming an option whose file cannot be read
   */
  @Internal
  public synchronized HttpSettings http() {
    if (http == null) {
      http = new HttpSettings(this, files);
    }
    return http;
  }

  /** Whether an administrator forbids something. */
  @Internal
  public boolean isForbidden(ConfigOption<Boolean> conf) {
    String value = sessionConf.apply(conf.key());
    return value != null && conf.parse(conf.key(), value);
  }

  /** Whether a token by which this machine proves what it is may be sent to a host. */
  @Internal
  public boolean sendsIdentityTo(String host) {
    String hosts = get(SharingOptions.WORKLOAD_IDENTITY_HOSTS);
    return hosts != null && HostList.contains(hosts, host);
  }

  /** The credential that the read's options give, or those of the session; empty for none. */
  @Internal
  public InlineCredential credential() {
    return credential;
  }

  /**
   * Whether the other has the same credential among its own options. Those of the session may be
   * others by now.
   */
  @Internal
  public boolean hasCredentialOf(SharingReadConf other) {
    return CredentialOptions.ALL.stream()
        .allMatch(
            option -> Objects.equals(options.get(option.key()), other.options.get(option.key())));
  }

  /**
   * The same with other options, which win over these.
   *
   * @return this, where they are these already
   * @throws IllegalArgumentException as the constructor does
   */
  public SharingReadConf with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(options);
    all.putAll(more);
    return all.equals(options) ? this : new SharingReadConf(all, sessionConf, files);
  }

  /**
   * Whether all options had the same values when the two were made. The path and the options of a
   * credential are left out: one table and one recipient can be found by several.
   */
  @Override
  public boolean equals(Object o) {
    return o instanceof SharingReadConf that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /**
   * An option is looked up in the session as well: Spark copies the session's into those of a read,
   * but not everywhere.
   */
  private InlineCredential readCredential() {
    for (ConfigOption<String> place : CredentialOptions.PLACES) {
      if (isOfRead(place)) {
        for (ConfigOption<String> secret : CredentialOptions.PROOFS) {
          if (sessionConf.apply(SOURCE_PREFIX + secret.key()) != null && !isOfRead(secret)) {
            throw CredentialErrors.secretOfSession(place.key(), secret.key());
          }
        }
      }
    }
    return InlineCredential.of(
        "given by options",
        key -> options.containsKey(key) ? key : SOURCE_PREFIX + key,
        key ->
            options.containsKey(key) ? options.get(key) : sessionConf.apply(SOURCE_PREFIX + key));
  }

  /** Whether the read gives an option another value than the session. */
  private boolean isOfRead(ConfigOption<String> option) {
    String given = options.get(option.key());
    return given != null && !given.equals(sessionConf.apply(SOURCE_PREFIX + option.key()));
  }

  private void refuseSessionWide() {
    for (ConfigOption<?> option : SharingOptions.READER_ONLY) {
      String conf = SOURCE_PREFIX + option.key();
      if (sessionConf.apply(conf) != null) {
        throw SharingErrors.sessionWideOption(conf, option.key());
      }
    }
  }

  private void refuseConflicts() {
    exclude(SharingOptions.VERSION_AS_OF, SharingOptions.TIMESTAMP_AS_OF);
    exclude(SharingOptions.STARTING_VERSION, SharingOptions.STARTING_TIMESTAMP);
    exclude(SharingOptions.ENDING_VERSION, SharingOptions.ENDING_TIMESTAMP);
    if (readsChanges()) {
      for (ConfigOption<?> option :
          List.of(SharingOptions.VERSION_AS_OF, SharingOptions.TIMESTAMP_AS_OF)) {
        if (get(option) != null) {
          throw SharingErrors.exclusiveOptions(option.key(), SharingOptions.READ_CHANGE_FEED.key());
        }
      }
    }
  }

  private void requireCompanions() {
    require(SharingOptions.PROXY_PORT, SharingOptions.PROXY_HOST);
    require(SharingOptions.PROXY_HOST, NetworkOptions.PROXY_USER);
    require(NetworkOptions.PROXY_PASSWORD, NetworkOptions.PROXY_USER);
    require(NetworkOptions.PROXY_USER, NetworkOptions.PROXY_PASSWORD);
    if (get(NetworkOptions.SSL_KEY_STORE_ON_EXECUTORS)) {
      require(NetworkOptions.SSL_KEY_STORE, NetworkOptions.SSL_KEY_STORE_ON_EXECUTORS);
    }
  }

  private void require(ConfigOption<?> needed, ConfigOption<?> by) {
    if (get(by) != null && get(needed) == null) {
      throw SharingErrors.missingOption(needed.key(), by.key() + " is set");
    }
  }

  private void exclude(ConfigOption<?> one, ConfigOption<?> other) {
    if (get(one) != null && get(other) != null) {
      throw SharingErrors.exclusiveOptions(one.key(), other.key());
    }
  }

  private void checkNames() {
    List<String> names =
        Stream.concat(SharingOptions.ALL.stream(), CredentialOptions.ALL.stream())
            .map(ConfigOption::key)
            .toList();
    for (String name : options.keySet()) {
      boolean known =
          SPARKS_OWN.contains(name.toLowerCase(Locale.ROOT))
              || names.stream().anyMatch(name::equalsIgnoreCase);
      if (!known) {
        Optional<String> meant = NearestName.meant(name, names);
        if (meant.isPresent() && get(SharingOptions.REFUSE_MISSPELLED_OPTIONS)) {
          throw SharingErrors.misspelledOption(
              name, meant.get(), SharingOptions.REFUSE_MISSPELLED_OPTIONS.key());
        }
        LOG.warn(
            "Option '{}' is not known to deltaSharing and is ignored. Did you mean '{}'?",
            name,
            NearestName.of(name, names));
      }
    }
  }
}
