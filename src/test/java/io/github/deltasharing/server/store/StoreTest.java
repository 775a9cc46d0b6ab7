/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.share.ShareDetails;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The store, the same on each database. */
@Tag("unit")
@ParameterizedClass
@EnumSource(StoreKind.class)
class StoreTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Change CHANGE = new Change("ann", NOW);
  private static final String HASH = "0123456789abcdef".repeat(4);

  @Parameter StoreKind kind;
  @TempDir Path directory;
  private final ShareStore shares = new ShareStore();
  private final RecipientStore recipients = new RecipientStore();
  private final TokenStore tokens = new TokenStore();
  private final GrantStore grants = new GrantStore();
  private final PrincipalStore principals = new PrincipalStore();
  private DatabaseConfig config;
  private Database database;

  @BeforeEach
  void open() {
    config = kind.config(directory);
    database = Database.open(config);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }

  private StoredShare share(String name) {
    return database.write(
        session -> shares.create(session, name, ShareDetails.NONE, "ann", CHANGE));
  }

  private StoredRecipient recipient(String name) {
    return database.write(
        session ->
            recipients.create(
                session,
                name,
                new StoredRecipient.Details(
                    Optional.of("who"),
                    Map.of("k", "v"),
                    List.of("10.0.0.0/8"),
                    Optional.empty(),
                    "ann"),
                CHANGE));
  }

  private static StoredObject table(String schema, String table) {
    return new StoredObject(
        java.util.UUID.randomUUID().toString(),
        StoredObject.Type.TABLE,
        "main." + schema + "." + table,
        schema,
        table,
        URI.create("file:///data/a%20b"),
        Optional.of("what"),
        true,
        3,
        NOW,
        "ann");
  }

  private static void isRefused(
      int status, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            ServerError.class, error -> assertThat(error.status()).isEqualTo(status));
  }

  @Test
  void aShareIsKeptAsItWasMadeAndFoundWithoutRegardToCase() {
    String name = "Ünï'; DROP TABLE shares; -- \"%_ 🙂";
    Map<String, String> properties = Map.of("a'b", "ü\"\\", "", "");
    ShareDetails details =
        new ShareDetails(Optional.empty(), Optional.of("d"), Optional.of("c\n🙂"), properties);
    StoredShare made =
        database.write(session -> shares.create(session, name, details, "ben", CHANGE));
    database.close();
    database = Database.open(config);
    StoredShare kept = database.read(session -> shares.require(session, Names.key(name)));
    assertThat(kept).isEqualTo(made);
    assertThat(kept.name()).isEqualTo(name);
    assertThat(kept.details().displayName()).contains("d");
    assertThat(kept.details().comment()).contains("c\n🙂");
    assertThat(kept.details().properties()).isEqualTo(properties);
    assertThat(kept.owner()).isEqualTo("ben");
    assertThat(kept.provenance()).isEqualTo(new Provenance(1, NOW, "ann", NOW, "ann"));
    isRefused(404, () -> database.read(session -> shares.require(session, "other")));
  }

  @Test
  void aNameIsThereOnceWhoeverIsFirst() throws Exception {
    share("Retail");
    isRefused(409, () -> share("RETAIL"));
    recipient("Acme");
    isRefused(409, () -> recipient("ACME"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      CountDownLatch together = new CountDownLatch(8);
      List<Future<Boolean>> made = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        made.add(threads.submit(() -> isMade(together)));
      }
      int count = 0;
      for (Future<Boolean> one : made) {
        count += one.get() ? 1 : 0;
      }
      assertThat(count).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean isMade(CountDownLatch together) throws InterruptedException {
    together.countDown();
    together.await();
    try {
      share("one");
      return true;
    } catch (ServerError e) {
      assertThat(e.status()).isEqualTo(409);
      return false;
    }
  }

  @Test
  void workThatFailsLeavesNothing() {
    StoredShare share = share("s");
    assertThatThrownBy(
            () ->
                database.write(
                    session -> {
                      shares.add(session, share, table("a", "b"));
                      shares.create(session, "t", ShareDetails.NONE, "ann", CHANGE);
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");
    Optional<StoredShare> other = database.read(session -> shares.find(session, "t"));
    assertThat(other).isEmpty();
    List<StoredObject> objects = database.read(session -> shares.objects(session, share));
    assertThat(objects).isEmpty();
  }

  @Test
  void tablesAreInSchemasOnceAndGoWithTheirShare() {
    StoredShare share = share("s");
    StoredObject table = table("Sales", "Orders");
    database.write(
        session -> {
          shares.add(session, share, table);
          shares.add(session, share, table("sales", "a"));
          return null;
        });
    isRefused(409, () -> add(share, table("SALES", "ORDERS")));
    List<StoredObject> objects = database.read(session -> shares.objects(session, share));
    assertThat(objects).extracting(StoredObject::table).containsExactly("a", "Orders");
    assertThat(objects.get(1)).isEqualTo(table);
    List<StoredObject> one =
        database.read(session -> shares.objects(session, share, "sAles", "ordeRs"));
    assertThat(one).containsExactly(table);
    database.write(
        session -> {
          shares.delete(session, share);
          return null;
        });
    List<StoredObject> none = database.read(session -> shares.objects(session, share));
    assertThat(none).isEmpty();
  }

  private void add(StoredShare share, StoredObject object) {
    database.write(
        session -> {
          shares.add(session, share, object);
          return null;
        });
  }

  @Test
  void listsComeInPagesAndEachItemOnceWhileOthersAreAdded() {
    List<String> names = List.of("b", "C", "a b", "ä", "D", "a-b", "a", "ab", "a_b");
    names.forEach(this::share);
    List<String> listed = new ArrayList<>();
    Page.Of next = new Page.Of("", 2);
    while (next != null) {
      Page.Of now = next;
      Page<StoredShare> page = database.read(session -> shares.page(session, now));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
      page.items().forEach(share -> listed.add(share.name()));
      if (listed.size() == 2) {
        share("0");
      }
      next = page.next().map(after -> new Page.Of(after, 2)).orElse(null);
    }
    assertThat(listed).containsExactly("a", "a b", "a-b", "a_b", "ab", "b", "C", "D", "ä");
  }

  private Optional<TokenStore.Sender> sender(String hash, Instant now) {
    return database.read(session -> tokens.find(session, hash, now));
  }

  private void issue(StoredRecipient recipient, String activation) {
    database.write(
        session ->
            tokens.issue(
                session,
                recipient,
                new TokenStore.Pending(
                    activation, NOW.plus(Duration.ofDays(3)), NOW.plus(Duration.ofDays(90))),
                CHANGE));
  }

  private Optional<Instant> activate(String activation, String token, Instant now) {
    return database.write(session -> tokens.activate(session, activation, token, now));
  }

  private void supersede(StoredRecipient recipient, Duration grace) {
    database.write(
        session -> {
          tokens.supersede(session, recipient, NOW.plus(grace), CHANGE);
          return null;
        });
  }

  @Test
  void aTokenIsMadeOnceAndTakenUntilItsEnd() throws Exception {
    StoredRecipient recipient = recipient("acme");
    issue(recipient, "link");
    assertThat(activate("other", HASH, NOW)).isEmpty();
    assertThat(activate("link", HASH, NOW.plus(Duration.ofDays(3)))).isEmpty();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Optional<Instant>>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String hash = i + HASH.substring(1);
        all.add(() -> activate("link", hash, NOW));
      }
      long made = 0;
      for (Future<Optional<Instant>> one : threads.invokeAll(all)) {
        made += one.get().isPresent() ? 1 : 0;
      }
      assertThat(made).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
    List<TokenStore.Sender> taken = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sender(i + HASH.substring(1), NOW).ifPresent(taken::add);
    }
    assertThat(taken).hasSize(1);
    assertThat(taken.get(0).recipient()).isEqualTo(recipient);
    String hash = taken.get(0).tokenHash();
    assertThat(sender(hash, NOW.plus(Duration.ofDays(90)).minusMillis(1))).isPresent();
    assertThat(sender(hash, NOW.plus(Duration.ofDays(90)))).isEmpty();
  }

  @Test
  void aRotationEndsTokensAfterItsGraceAndUnopenedLinksAtOnce() {
    StoredRecipient recipient = recipient("acme");
    issue(recipient, "link");
    activate("link", HASH, NOW);
    issue(recipient, "unopened");
    supersede(recipient, Duration.ofHours(1));
    assertThat(activate("unopened", "x", NOW)).isEmpty();
    assertThat(sender(HASH, NOW.plus(Duration.ofHours(1)).minusMillis(1))).isPresent();
    assertThat(sender(HASH, NOW.plus(Duration.ofHours(1)))).isEmpty();
    // A longer grace of a later rotation gives nothing back.
    supersede(recipient, Duration.ofHours(5));
    assertThat(sender(HASH, NOW.plus(Duration.ofHours(1)))).isEmpty();
    supersede(recipient, Duration.ZERO);
    assertThat(sender(HASH, NOW)).isEmpty();
    List<StoredToken> history = database.read(session -> tokens.of(session, recipient));
    assertThat(history).hasSize(2).allMatch(token -> token.revokedAt().isPresent());
  }

  @Test
  void grantsAreByNameAndEndWithTheShareTheRecipientAndTheEpoch() {
    StoredShare share = share("Retail");
    StoredRecipient recipient = recipient("acme");
    StoredRecipient other = recipient("other");
    grant("retail", recipient);
    grant("RETAIL", recipient);
    grant("Of the configuration", recipient);
    assertThat(granted("reTail", recipient, 1)).isTrue();
    assertThat(granted("retail", recipient, 2)).isFalse();
    assertThat(granted("retail", other, 1)).isFalse();
    List<StoredGrant> ofShare = database.read(session -> grants.ofShare(session, "Retail"));
    assertThat(ofShare)
        .containsExactly(new StoredGrant("retail", recipient.id(), "acme", NOW, "ann"));
    List<StoredShare> seen = database.read(session -> grants.shares(session, recipient.id(), 1));
    assertThat(seen).containsExactly(share);
    database.write(
        session -> {
          shares.delete(session, share);
          return null;
        });
    share("Retail");
    assertThat(granted("retail", recipient, 1)).isFalse();
    assertThat(granted("of the configuration", recipient, 1)).isTrue();
    database.write(
        session -> {
          recipients.delete(session, recipient);
          return null;
        });
    assertThat(granted("of the configuration", recipient, 1)).isFalse();
  }

  private void grant(String share, StoredRecipient recipient) {
    database.write(
        session -> {
          grants.grant(session, share, recipient, CHANGE);
          return null;
        });
  }

  private boolean granted(String share, StoredRecipient recipient, long epoch) {
    return database.read(session -> grants.isGranted(session, share, recipient.id(), epoch));
  }

  @Test
  void oneAdminStays() {
    database.write(
        session -> {
          assertThat(principals.isEmpty(session)).isTrue();
          principals.create(session, "a", AdminRole.ADMIN, "1", CHANGE);
          principals.create(session, "b", AdminRole.EDITOR, "2", CHANGE);
          assertThat(principals.isEmpty(session)).isFalse();
          return null;
        });
    isRefused(409, () -> database.write(session -> change(session, "a", AdminRole.VIEWER)));
    isRefused(
        409,
        () ->
            database.write(
                session -> {
                  principals.delete(session, principals.lock(session, "a"));
                  return null;
                }));
    database.write(session -> change(session, "b", AdminRole.ADMIN));
    database.write(session -> change(session, "a", AdminRole.VIEWER));
    isRefused(409, () -> database.write(session -> change(session, "b", AdminRole.VIEWER)));
  }

  private Void change(Session session, String name, AdminRole role) throws SQLException {
    principals.update(session, principals.lock(session, name), role, CHANGE);
    return null;
  }
}
