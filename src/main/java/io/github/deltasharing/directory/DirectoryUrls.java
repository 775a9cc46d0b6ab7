/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.directory.ObjectStore.FileSigner;
import java.util.List;

/**
 * Signs the URLs of one listing of a table's files: each with the credential of the location that
 * the file is in, never with that of another one. Used by one thread.
 */
final class DirectoryUrls {
  private final FileSigner own;
  private final List<AuxiliaryStore> auxiliary;
  private final FileSigner[] others;

  DirectoryUrls(ObjectStore store, List<AuxiliaryStore> auxiliary) {
    this.own = store.signer();
    this.auxiliary = auxiliary;
    this.others = new FileSigner[auxiliary.size()];
  }

  /** The URL of a file: a secret. */
  String sign(String path) {
    Auxiliary.Place place = Auxiliary.Place.of(path, others.length);
    return place == null ? own.sign(path) : of(path).sign(place.below());
  }

  /** When that URL ends, epoch milliseconds. */
  long expiry(String path) {
    return of(path).expiry();
  }

  private FileSigner of(String path) {
    Auxiliary.Place place = Auxiliary.Place.of(path, others.length);
    if (place == null) {
      return own;
    }
    if (others[place.location()] == null) {
      others[place.location()] = auxiliary.get(place.location()).store().signer();
    }
    return others[place.location()];
  }
}
