/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.client.ProfileSource;
import io.github.deltasharing.error.ProfileErrors;
import io.github.deltasharing.options.SharingOptions;
import io.github.deltasharing.options.SharingReadConf;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
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
    String name = conf.get(SharingOptions.PROFILE_PROVIDER);
    return name == null || name.isBlank() || name.equals(OF_FILES)
        ? HadoopProfileSource.of(location, origin, hadoop)
        : make(name.trim(), location, hadoop);
  }

  private static ProfileSource make(String name, String location, Configuration hadoop) {
    String option = SharingOptions.PROFILE_PROVIDER.key();
    try {
      ClassLoader session = Thread.currentThread().getContextClassLoader();
      Class<?> type =
          Class.forName(
              name, true, session == null ? ProfileProviders.class.getClassLoader() : session);
      if (!ProfileSource.class.isAssignableFrom(type)) {
        throw ProfileErrors.badProvider(
            option,
            name,
            "it is no " + ProfileSource.class.getName() + " (upstream's are not)",
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
          option, name, "it has no public constructor (Configuration, String)", e);
    }
  }
}
