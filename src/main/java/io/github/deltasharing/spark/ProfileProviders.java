/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.Profile;
import io.github.deltasharing.client.ProfileProvider;
import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.options.ConfigOption;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Finds out where a read's profile comes from. Driver only; stateless. */
final class ProfileProviders {
  /** Upstream's default: reads the profile's file, as this connector does by itself. */
  private static final String OF_FILES = "io.delta.sharing.client.DeltaSharingFileProfileProvider";

  private ProfileProviders() {}

  /**
   * The source of a profile.
   *
   * @param location the path's part before the #
   * @param origin the location as messages say it
   * @throws IllegalArgumentException if the class that the options name is none, or cannot be made
   */
  static ProfileSource of(
      SharingReadConf conf, String location, String origin, Configuration hadoop) {
    ConfigOption<String> option = option(conf);
    return option == null
        ? HadoopProfileSource.of(location, origin, hadoop)
        : make(option.key(), conf.get(option).trim(), location, origin, hadoop);
  }

  /**
   * The option that names a class; null for none.
   *
   * @throws IllegalArgumentException if both do, and different ones
   */
  static ConfigOption<String> option(SharingReadConf conf) {
    String older = conf.get(SharingOptions.PROFILE_PROVIDER);
    String newer = conf.get(SharingOptions.CREDENTIAL_PROVIDER);
    boolean isOlder = older != null && !older.isBlank() && !older.equals(OF_FILES);
    boolean isNewer = newer != null && !newer.isBlank();
    if (isOlder && isNewer && !older.trim().equals(newer.trim())) {
      throw SharingErrors.exclusiveOptions(
          SharingOptions.PROFILE_PROVIDER.key(), SharingOptions.CREDENTIAL_PROVIDER.key());
    }
    return isNewer
        ? SharingOptions.CREDENTIAL_PROVIDER
        : isOlder ? SharingOptions.PROFILE_PROVIDER : null;
  }

  private static ProfileSource make(
      String option, String name, String location, String origin, Configuration hadoop) {
    try {
      ClassLoader session = Thread.currentThread().getContextClassLoader();
      Class<?> type =
          Class.forName(
              name, true, session == null ? ProfileProviders.class.getClassLoader() : session);
      if (ProfileProvider.class.isAssignableFrom(type)) {
        return new ProvidedProfile(
            (ProfileProvider) type.getConstructor().newInstance(), location, origin);
      }
      if (!ProfileSource.class.isAssignableFrom(type)) {
        throw ProfileErrors.badProvider(
            option,
            name,
            "it is neither a "
                + ProfileProvider.class.getName()
                + " nor a "
                + ProfileSource.class.getName()
                + " (upstream's are not)",
            null);
      }
      Constructor<?> constructor = type.getConstructor(Configuration.class, String.class);
      return (ProfileSource) constructor.newInstance(hadoop, location);
    } catch (ClassNotFoundException | LinkageError e) {
      throw ProfileErrors.badProvider(option, name, "it is not on the driver's class path", e);
    } catch (InvocationTargetException e) {
      throw ProfileErrors.badProvider(option, name, "its constructor failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw ProfileErrors.badProvider(
          option,
          name,
          "it has no public constructor without parameters, or (Configuration, String) for a "
              + ProfileSource.class.getSimpleName(),
          e);
    }
  }

  /** A profile of a user's class. */
  private record ProvidedProfile(ProfileProvider provider, String location, String origin)
      implements ProfileSource {
    @Override
    public Profile load() {
      String json;
      try {
        json = provider.profile(location);
      } catch (IOException e) {
        throw ProfileErrors.profileUnreadable(origin, e);
      }
      if (json == null) {
        throw ProfileErrors.badProfile(
            origin, "the class " + provider.getClass().getName() + " gives none");
      }
      return Profile.fromJson(origin, json);
    }

    @Override
    public Map<String, String> headers() {
      return provider.headers();
    }

    @Override
    public String toString() {
      return "ProvidedProfile[" + origin + "]";
    }
  }
}
