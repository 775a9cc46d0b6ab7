/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.catalog;

import io.github.deltasharing.error.CatalogErrors;
import io.github.deltasharing.error.NearestName;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.CatalogOptions;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.CredentialOptions;
import io.github.deltasharing.options.InlineCredential;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.spark.SessionReadConf;
import io.github.deltasharing.spark.TableLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of one catalog, {@code spark.sql.catalog.<name>.*}, checked when it is made; an
 * error names the conf's key, never a value that may be secret. Driver only; immutable.
 */
final class CatalogConf {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogConf.class);

  private final String catalog;
  private final String profile;
  private final String share;
  private final InlineCredential credential;

  /** Options of each read of a table. */
  private final Map<String, String> reads = new HashMap<>();

  /**
   * @throws IllegalArgumentException naming the first key that is missing or wrong
   */
  CatalogConf(String catalog, CaseInsensitiveStringMap settings) {
    this.catalog = catalog;
    this.profile = text(settings, CatalogOptions.PROFILE);
    this.share = text(settings, CatalogOptions.SHARE);
    this.credential =
        InlineCredential.of("given by '" + key("*") + "'", this::key, name -> settings.get(name));
    refuseWhatIsNotOffered(settings);
    if (profile == null
        && credential.isEmpty()
        && text(settings, SharingOptions.CREDENTIAL_PROVIDER) == null) {
      throw CatalogErrors.noProfile(catalog, key(CatalogOptions.PROFILE.key()));
    }
    settings.asCaseSensitiveMap().forEach((key, value) -> take(key, value, settings));
  }

  private static String text(CaseInsensitiveStringMap settings, ConfigOption<String> option) {
    String value = settings.get(option.key());
    return value == null || value.isBlank() ? null : value.trim();
  }

  private void refuseWhatIsNotOffered(CaseInsensitiveStringMap settings) {
    String profileKey = key(CatalogOptions.PROFILE.key());
    if (profile != null && !credential.isEmpty()) {
      throw CatalogErrors.bothCredentials(catalog, profileKey, credential.anOption());
    }
    for (ConfigOption<?> option : SharingOptions.READER_ONLY) {
      if (settings.containsKey(option.key())) {
        throw CatalogErrors.optionOfOneRead(catalog, key(option.key()));
      }
    }
    if (settings.containsKey(SharingOptions.PATH.key())) {
      throw CatalogErrors.notOfCatalogs(
          catalog,
          key(SharingOptions.PATH.key()),
          "Set '" + profileKey + "' to the part of the path before the '#'.");
    }
  }

  private void take(String name, String value, CaseInsensitiveStringMap settings) {
    if (CredentialOptions.isOne(name)
        || CatalogOptions.ALL.stream().anyMatch(option -> option.key().equalsIgnoreCase(name))) {
      return;
    }
    for (ConfigOption<?> option : SharingOptions.ALL) {
      if (option.key().equalsIgnoreCase(name)) {
        option.parse(key(option.key()), value);
        reads.put(option.key(), value);
        return;
      }
    }
    List<String> known = new ArrayList<>();
    CatalogOptions.ALL.forEach(option -> known.add(option.key()));
    CredentialOptions.ALL.forEach(option -> known.add(option.key()));
    SharingOptions.ALL.stream()
        .filter(option -> !SharingOptions.READER_ONLY.contains(option))
        .filter(option -> !option.equals(SharingOptions.PATH))
        .forEach(option -> known.add(option.key()));
    Optional<String> meant = NearestName.meant(name, known);
    String relaxing = SharingOptions.REFUSE_MISSPELLED_OPTIONS.key();
    if (meant.isPresent() && !"false".equalsIgnoreCase(settings.get(relaxing))) {
      throw SharingErrors.misspelledOption(key(name), key(meant.get()), key(relaxing));
    }
    LOG.warn(
        "'{}' is not known to catalogs of deltaSharing and is ignored. Did you mean '{}'?",
        key(name),
        key(NearestName.of(name, known)));
  }

  /** The conf that sets an option of this catalog. */
  String key(String option) {
    return CatalogOptions.CONF_PREFIX + catalog + "." + option;
  }

  /** Signs in with the catalog's profile; messages about that name the conf that sets it. */
  TableLoader loader(SharingReadConf read) {
    if (!credential.isEmpty()) {
      return TableLoader.of(credential, read);
    }
    if (profile == null) {
      return TableLoader.of("", "of " + key(SharingOptions.CREDENTIAL_PROVIDER.key()), read);
    }
    String origin = profile + " (" + key(CatalogOptions.PROFILE.key()) + ")";
    return TableLoader.of(profile, origin, read);
  }

  /** The one share that is mounted, or null for all. */
  String share() {
    return share;
  }

  /**
   * The options of a read: those given, then the catalog's, then the session's as it is now.
   *
   * @throws IllegalArgumentException as {@link SharingReadConf} does
   */
  SharingReadConf read(Map<String, String> options) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(reads);
    all.putAll(options);
    return SessionReadConf.of(all);
  }
}
