/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

/**
 * Names of a checkpoint's sidecars. The protocol lets writers choose them, and give the whole path;
 * Kernel takes a name alone, and reads a version from its first part. Stateless.
 */
final class SidecarNames {
  static final String DIRECTORY = "_sidecars";

  /** In front of names that do not start with a number. */
  private static final String NUMBER = "0.sidecar.";

  private SidecarNames() {}

  /** The name for Kernel. */
  static String forKernel(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.matches("\\d{1,18}\\..*") ? name : NUMBER + name;
  }

  /** The file's name. */
  static String original(String name) {
    return name.startsWith(NUMBER) ? name.substring(NUMBER.length()) : name;
  }
}
