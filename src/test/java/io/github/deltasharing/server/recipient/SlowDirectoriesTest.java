/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.SchemaDirectories;
import io.github.deltasharing.server.share.ShareDetails;
import io.github.deltasharing.server.storage.AllowedLocations;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.GrantStore;
import io.github.deltasharing.server.store.RecipientStore;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoreKind;
import io.github.deltasharing.server.store.StoredObject;
import io.github.deltasharing.server.store.StoredRecipient;
import io.github.deltasharing.server.store.StoredShare;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is slow to list a directory keeps nobody from the database. */
@Tag("unit")
class SlowDirectoriesTest {
  /** More than the database has connections. */
  private static final int READERS = 20;

  @TempDir Path directory;
  private final CountDownLatch waiting = new CountDownLatch(2 * READERS);
  private final CountDownLatch listed = new CountDownLatch(1);

  /** Waits until the test lets it go on. */
  private final class Slow implements SchemaDirectories {
    @Override
    public List<String> tables(URI location) {
      await();
      return List.of("orders");
    }

    @Override
    public String find(URI location, String table) {
      await();
      return "orders";
    }

    private void await() {
      waiting.countDown();
      try {
        listed.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void connectionsAreGivenBackBeforeADirectoryIsListed() throws Exception {
    Change change = new Change("ann", Instant.EPOCH);
    URI location = URI.create("file:///data/sales");
    ExecutorService threads = Executors.newFixedThreadPool(2 * READERS);
    try (Database database = Database.open(StoreKind.H2.config(directory))) {
      ShareStore shares = new ShareStore();
      RecipientKey recipient =
          database.write(
              session -> {
                StoredShare share =
                    shares.create(session, "retail", ShareDetails.NONE, "ann", change);
                shares.add(
                    session,
                    share,
                    new StoredObject(
                        "1",
                        StoredObject.Type.SCHEMA,
                        "sales",
                        "sales",
                        "",
                        location,
                        Optional.empty(),
                        false,
                        0,
                        Instant.EPOCH,
                        "ann"));
                StoredRecipient acme =
                    new RecipientStore()
                        .create(
                            session,
                            "acme",
                            new StoredRecipient.Details(
                                Optional.empty(), Map.of(), List.of(), Optional.empty(), "ann"),
                            change);
                new GrantStore().grant(session, "retail", acme, change);
                return RecipientKey.of(acme);
              });
      GrantedShares views =
          new GrantedShares(
              database,
              new ConfiguredShares(List.of()),
              principal -> false,
              new Slow(),
              new AllowedLocations(List.of(URI.create("file:///data"))));
      List<Future<Object>> reads = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        reads.add(threads.submit(() -> views.of(recipient.principal()).share("retail")));
        reads.add(
            threads.submit(
                () -> views.of(recipient.principal()).table("retail", "sales", "orders")));
      }
      assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(views.of(recipient.principal()).shares()).hasSize(1);
      listed.countDown();
      for (Future<Object> read : reads) {
        assertThat(read.get()).isNotNull();
      }
    } finally {
      listed.countDown();
      threads.shutdownNow();
    }
  }
}
