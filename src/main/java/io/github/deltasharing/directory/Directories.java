/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.TableCredential;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.error.DirectoryErrors;
import io.github.deltasharing.options.HttpSettings;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.StoreCredential;
import io.github.deltasharing.protocol.TableAccess;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Opens tables' directories: with a credential for each location, requested of the sharing server,
 * that is used for nothing else. Driver only; thread-safe.
 */
final class Directories {
  private final SharingClient rest;
  private final SharingReadConf conf;
  private final UnaryOperator<String> hadoop;

  Directories(SharingClient rest, SharingReadConf conf, UnaryOperator<String> hadoop) {
    this.rest = rest;
    this.conf = conf;
    this.hadoop = hadoop;
  }

  /**
   * Opens the directory of a table: one request, for the credential.
   *
   * @throws UnsupportedDirectoryException if directories of that kind are not read here
   */
  DirectoryTable open(TableName table, TableAccess access) throws UnsupportedDirectoryException {
    StoreLocation location = location(table, access.location());
    List<AuxiliaryStore> auxiliary = new ArrayList<>();
    for (String other : access.auxiliaryLocations()) {
      StoreLocation place = location(table, other);
      auxiliary.add(new AuxiliaryStore(place, () -> auxiliary(table, other, place)));
    }
    ObjectStore store = store(table, access.location(), location);
    StoreRequests requests = new StoreRequests(table.toString(), http());
    return new DirectoryTable(
        table, location, new ObjectDirectory(store, auxiliary, requests), access);
  }

  /** The store may be on this machine only where the sharing server is. */
  private HttpSettings http() {
    return conf.http().withLoopbackStores(rest.recipient().isLocal());
  }

  private static StoreLocation location(TableName table, String text)
      throws UnsupportedDirectoryException {
    String scheme = StoreLocation.scheme(text);
    if (!StoreLocation.isReadable(scheme)) {
      throw new UnsupportedDirectoryException(
          "its location is "
              + (scheme.isEmpty()
                  ? "none"
                  : "of the scheme '" + scheme + "', which is not read here"));
    }
    try {
      return StoreLocation.parse(text);
    } catch (IllegalArgumentException e) {
      throw DirectoryErrors.notByDirectory(
          table.toString(),
          "the sharing server says that it is where no table can be: " + e.getMessage(),
          DirectoryErrors.byUrls());
    }
  }

  private ObjectStore auxiliary(TableName table, String said, StoreLocation location) {
    try {
      return store(table, said, location);
    } catch (UnsupportedDirectoryException e) {
      throw DirectoryErrors.notByDirectory(
          table.toString(),
          "files of it are in another location, and " + e.getMessage(),
          DirectoryErrors.byUrls());
    }
  }

  private ObjectStore store(TableName table, String said, StoreLocation location)
      throws UnsupportedDirectoryException {
    ServerCredential credential = new ServerCredential(rest, table, said);
    TableCredential first = credential.current();
    check(table, location, first);
    StoreCredential kind = first.credential();
    if (kind instanceof StoreCredential.S3Keys keys && location.isS3()) {
      return new S3ObjectStore(
          table.toString(), location, place(table, location, keys), credential, Clock.systemUTC());
    }
    throw new UnsupportedDirectoryException(
        "the credential for it is of the kind '" + kind.kind() + "', which is not used here");
  }

  /** A credential for another place is not for this one, whatever it would open. */
  private static void check(TableName table, StoreLocation location, TableCredential credential) {
    if (credential.location() == null) {
      return;
    }
    boolean covered;
    try {
      covered = StoreLocation.parse(credential.location()).covers(location);
    } catch (IllegalArgumentException e) {
      covered = false;
    }
    if (!covered) {
      throw DirectoryErrors.notByDirectory(
          table.toString(),
          "the sharing server's credential is for another location than the table's",
          DirectoryErrors.byUrls());
    }
  }

  private BucketPlace place(TableName table, StoreLocation location, StoreCredential.S3Keys keys) {
    String endpoint = keys.endpoint() == null ? location.endpoint() : keys.endpoint();
    boolean r2 = keys.kind().equals(StoreCredential.S3Keys.R2);
    String region = keys.region() == null && r2 ? "auto" : keys.region();
    try {
      BucketPlace place =
          BucketPlace.of(
              location.bucket(),
              new BucketPlace.Said(endpoint, region, keys.pathStyleAccess()),
              hadoop);
      if (r2 && place.endpoint() == null) {
        throw new IllegalArgumentException(
            "the credential is of Cloudflare R2, and nothing says its endpoint: set"
                + " 'fs.s3a.bucket."
                + location.bucket()
                + ".endpoint' to https://<account>.r2.cloudflarestorage.com");
      }
      return place;
    } catch (IllegalArgumentException e) {
      throw DirectoryErrors.notByDirectory(
          table.toString(),
          "where its bucket is reached cannot be right: " + e.getMessage(),
          "Check the properties fs.s3a.endpoint, fs.s3a.endpoint.region and those of the bucket,"
              + " or tell the provider.");
    }
  }
}
