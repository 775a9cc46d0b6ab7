/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import java.util.regex.Pattern;

/**
 * Where a container of Azure Blob Storage is reached. Immutable.
 *
 * @param origin scheme, host and port, and the account as a path where the host does not name it,
 *     as in Azure's emulator: {@code https://account.blob.core.windows.net} or {@code
 *     http://127.0.0.1:10000/devstoreaccount1}
 * @param account the storage account
 * @param name the container, called file system in ADLS
 */
public record AzureContainer(String origin, String account, String name) {
  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");
  private static final Pattern NAME =
      Pattern.compile("\\$root|\\$web|\\$logs|[a-z0-9](-?[a-z0-9]){2,62}");

  public AzureContainer {
    checkAccount(account);
    if (!NAME.matcher(name).matches() || name.length() > 63) {
      throw new IllegalArgumentException("Not a container of Azure's: " + name);
    }
    origin = origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
    int path = origin.indexOf('/', origin.indexOf("://") + 3);
    if (path >= 0 && !origin.substring(path + 1).equals(account)) {
      throw new IllegalArgumentException(
          "An endpoint of Azure's may have no path but the account's name, " + account);
    }
    StoreEndpoint.of(path < 0 ? origin : origin.substring(0, path), true);
    if (!origin.contains("://")) {
      origin = "https://" + origin;
    }
  }

  static void checkAccount(String account) {
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException("Not a storage account of Azure's: " + account);
    }
  }

  boolean isSecure() {
    return origin.startsWith("https:");
  }

  /** The container, or what is in it, as signatures name it: not encoded. */
  String resource(String path) {
    return "/blob/" + account + "/" + name + (path.isEmpty() ? "" : "/" + path);
  }
}
