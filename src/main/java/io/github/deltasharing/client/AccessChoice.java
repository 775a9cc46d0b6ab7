/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.client;

import io.github.deltasharing.error.AccessErrors;
import io.github.deltasharing.error.SharingErrors;
import io.github.deltasharing.error.SharingServerException;
import io.github.deltasharing.options.AccessMode;
import io.github.deltasharing.protocol.TableAccess;
import java.util.Optional;

/**
 * Decides whether a table's files are read by signed URLs or out of its directory. Sends requests
 * only where a directory is to be read and its place is not known: a table that is read by URLs
 * costs none. Stateless.
 */
public final class AccessChoice {
  private AccessChoice() {}

  /**
   * The directory to read; empty for signed URLs.
   *
   * @param wanted the option
   * @param said what the table's metadata says, or {@link TableAccess#UNSAID} before it was
   *     requested, which can be with {@link AccessMode#DIR} only
   * @return access with a location
   * @throws io.github.deltasharing.error.SharingException where the server does not offer it
   */
  public static Optional<TableAccess> directory(
      SharingClient client, TableName table, AccessMode wanted, TableAccess said) {
    return switch (wanted) {
      case URL -> {
        if (!said.offersUrls()) {
          throw AccessErrors.urlsNotOffered(table.toString(), said.modes());
        }
        yield Optional.empty();
      }
      case AUTO -> {
        if (said.offersUrls()) {
          yield Optional.empty();
        }
        if (!said.offersDirectory()) {
          throw SharingErrors.noAccessMode(table.toString(), said.modes());
        }
        yield Optional.of(located(client, table, said));
      }
      case DIR -> Optional.of(located(client, table, said));
    };
  }

  /** The same with a location. Metadata is best, then listings, then what a credential is for. */
  private static TableAccess located(SharingClient client, TableName table, TableAccess said) {
    TableAccess access = said;
    if (!said.isSaid() || said.location() == null) {
      TableAccess listed = client.access(table);
      access = listed.isSaid() || listed.location() != null ? listed : said;
    }
    if (access.isSaid() && !access.offersDirectory()) {
      throw AccessErrors.directoryNotOffered(table.toString(), access.modes());
    }
    return access.location() == null ? ofCredential(client, table, access) : access;
  }

  /**
   * The reference server gives credentials and says nothing of access modes: who asks, learns it.
   */
  private static TableAccess ofCredential(
      SharingClient client, TableName table, TableAccess access) {
    TableCredential credential;
    try {
      credential = client.temporaryCredential(table, null);
    } catch (SharingServerException e) {
      if (e.status() == 400 || e.status() == 404 || e.status() == 405 || e.status() == 501) {
        throw AccessErrors.directoryRefused(table.toString(), e);
      }
      throw e;
    }
    if (credential.location() == null) {
      throw AccessErrors.noLocation(table.toString());
    }
    return new TableAccess(access.modes(), credential.location(), access.auxiliaryLocations());
  }
}
