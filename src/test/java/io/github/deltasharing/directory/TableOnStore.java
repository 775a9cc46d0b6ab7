/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.ChangesRequest;
import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.QueryRequest;
import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.client.Recipient;
import io.github.deltasharing.client.Schema;
import io.github.deltasharing.client.Share;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.client.Table;
import io.github.deltasharing.client.TableCredential;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.client.TableName;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.testing.S3Relay;
import io.github.deltasharing.testing.S3Sessions;
import io.github.deltasharing.testing.S3Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A table in a bucket of the tests' S3 store, and a sharing server's part that offers it: gives
 * credentials, and passes all else on to another client. Close it after use.
 */
final class TableOnStore implements SharingClient, AutoCloseable {
  static final TableName NAME = new TableName("share", "schema", "t");

  private final S3Store store = S3Store.shared();
  private final S3Sessions sessions = new S3Sessions(store);
  final S3Relay relay = new S3Relay(store.endpoint());
  final String bucket = store.newBucket("dir");

  /** What was requested credentials for. */
  final List<String> requested = new ArrayList<>();

  final SharingClient urls;

  TableAccess access =
      new TableAccess(List.of("url", "dir"), "s3://" + bucket + "/some dir/t", List.of());
  Duration life = Duration.ofHours(1);

  /** Makes what is given of a session. */
  Function<S3Sessions.Session, TableCredential> given = this::keys;

  TableOnStore(SharingClient urls) {
    this.urls = urls;
    relay.answerBy(sessions);
  }

  /** Copies a table's directory to where it is offered. */
  TableOnStore with(Path table) {
    store.copy(table, bucket, "some dir/t/");
    return this;
  }

  void copy(Path directory, String prefix) {
    store.copy(directory, bucket, prefix);
  }

  void delete(String prefix) {
    store.delete(bucket, prefix);
  }

  /** A client that reads it by its directory. */
  SharingClient directory(String... options) {
    Map<String, String> all = new HashMap<>(Map.of("accessMode", "dir"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return DirectoryClient.of(this, new SharingReadConf(all, name -> null), name -> null);
  }

  /** Its directory alone. */
  ObjectDirectory storage() {
    S3Keys keys = (S3Keys) temporaryCredential(NAME, access.location()).credential();
    return new ObjectDirectory(
        new S3ObjectStore(
            NAME.toString(),
            StoreLocation.parse(access.location()),
            BucketPlace.of(
                bucket, new BucketPlace.Said(keys.endpoint(), keys.region(), true), name -> null),
            new ServerCredential(this, NAME, access.location()),
            Clock.systemUTC()),
        List.of(),
        new StoreRequests(
            NAME.toString(), SharingReadConf.defaults().http().withLoopbackStores(true)));
  }

  TableCredential keys(S3Sessions.Session session) {
    return new TableCredential(
        null,
        new S3Keys(
            S3Keys.AWS,
            session.key().id(),
            session.key().secret(),
            session.token(),
            relay.endpoint().toString(),
            S3Store.REGION,
            true),
        Instant.now(),
        session.expiration());
  }

  private final Map<String, TableCredential> kept = new HashMap<>();

  @Override
  public synchronized TableCredential temporaryCredential(TableName table, String location) {
    TableCredential known = kept.get(location);
    if (known == null || !known.expires().isAfter(Instant.now())) {
      requested.add(location);
      String prefix = location.substring(location.indexOf('/', "s3://".length()) + 1) + "/";
      known = given.apply(sessions.issue(bucket, prefix, life));
      kept.put(location, known);
    }
    return known;
  }

  @Override
  public synchronized TableCredential temporaryCredential(
      TableName table, String location, TableCredential refused) {
    kept.remove(location);
    return temporaryCredential(table, location);
  }

  @Override
  public TableAccess access(TableName table) {
    return access;
  }

  @Override
  public Recipient recipient() {
    return urls.recipient();
  }

  @Override
  public List<Share> listShares() {
    return urls.listShares();
  }

  @Override
  public Share share(String name) {
    return urls.share(name);
  }

  @Override
  public List<Schema> listSchemas(String share) {
    return urls.listSchemas(share);
  }

  @Override
  public List<Table> listTables(String share, String schema) {
    return urls.listTables(share, schema);
  }

  @Override
  public List<Table> listAllTables(String share) {
    return urls.listAllTables(share);
  }

  @Override
  public long version(TableName table) {
    return urls.version(table);
  }

  @Override
  public long version(TableName table, String startingTimestamp) {
    return urls.version(table, startingTimestamp);
  }

  @Override
  public TableMetadata metadata(
      TableName table, AsOf asOf, List<ResponseFormat> formats, Collection<String> features) {
    return urls.metadata(table, asOf, formats, features);
  }

  @Override
  public QueryResult query(TableName table, QueryRequest request) {
    return urls.query(table, request);
  }

  @Override
  public ChangesResult changes(TableName table, ChangesRequest request) {
    return urls.changes(table, request);
  }

  @Override
  public void close() {
    relay.close();
  }
}
