/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.deltasharing.server.auth.SigningKey;
import io.github.deltasharing.server.config.DatabaseConfig;
import io.github.deltasharing.server.error.ClientGoneException;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.publish.PublicationRequest.FileOptions;
import io.github.deltasharing.server.publish.PublicationRequest.Mode;
import io.github.deltasharing.server.publish.PublicationRequest.Sharing;
import io.github.deltasharing.server.publish.delta.DataFileWriter;
import io.github.deltasharing.server.share.ConfiguredShares;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.share.TableSources;
import io.github.deltasharing.server.storage.LocalStorage;
import io.github.deltasharing.server.storage.LocalUrlSigner;
import io.github.deltasharing.server.storage.Stores;
import io.github.deltasharing.server.store.AdminRole;
import io.github.deltasharing.server.store.Change;
import io.github.deltasharing.server.store.Database;
import io.github.deltasharing.server.store.Page;
import io.github.deltasharing.server.store.Provenance;
import io.github.deltasharing.server.store.PublicationStore;
import io.github.deltasharing.server.store.ShareStore;
import io.github.deltasharing.server.store.StoredPrincipal;
import io.github.deltasharing.server.store.StoredPublication;
import io.github.deltasharing.source.TableFileIterator;
import io.github.deltasharing.source.TableSource;
import io.github.deltasharing.source.delta.DeltaSources;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, a sender that is gone, a database that fails: nothing is half done. */
@Tag("unit")
class BrokenPublicationTest {
  private static final Runnable HERE = () -> {};

  @TempDir Path directory;
  private Database database;
  private TableSources sources;
  private Publications publications;

  /** A disk that takes some bytes more. */
  public static final class FullDisk extends RawLocalFileSystem {
    private static final org.apache.hadoop.fs.Path FULL =
        new org.apache.hadoop.fs.Path("file:/dev/full");

    static volatile long room;

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      OutputStream out =
          super.create(file, overwrite, bufferSize, replication, blockSize, progress);
      return new FSDataOutputStream(
          new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              room -= length;
              if (room < 0) {
                writeTo(FULL, bytes, offset, length);
                throw new IOException("No space left on device");
              }
              out.write(bytes, offset, length);
            }
          },
          null);
    }

    /** Fails as Hadoop's local files do on a full disk: with an error, not an exception. */
    private void writeTo(org.apache.hadoop.fs.Path file, byte[] bytes, int offset, int length)
        throws IOException {
      if (exists(file)) {
        try (OutputStream out = super.create(file, true, 1, (short) 1, 1, null)) {
          out.write(bytes, offset, length);
        }
      }
    }
  }

  @BeforeEach
  void start() {
    FullDisk.room = Long.MAX_VALUE;
    database =
        Database.open(
            new DatabaseConfig(
                "jdbc:h2:file:" + directory.resolve("store"), Optional.of("sa"), Optional.of("")));
    Configuration disks = DataFileWriter.localDisks();
    disks.set("fs.file.impl", FullDisk.class.getName());
    Path root = directory.resolve("tables");
    DeltaSources delta = new DeltaSources(10, false);
    LocalUrlSigner signer = new LocalUrlSigner(SigningKey.random(), Clock.systemUTC(), "/files");
    sources =
        table -> delta.open(table.fullName(), table.location(), new LocalStorage(table, signer));
    publications =
        new Publications(
            database,
            new ConfiguredShares(List.of()),
            new PublishedTables(
                new TableRoots(
                    root.toUri(), root, new Stores(List.of(), signer, Clock.systemUTC())),
                0,
                new DataFileWriter(disks),
                sources),
            1 << 24,
            Optional.of(Duration.ofDays(3)),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    publications.close();
    database.close();
  }

  private StoredPublication publish(Mode mode, Runnable alive) {
    StringBuilder csv = new StringBuilder("id,name\n");
    for (int i = 0; i < 20_000; i++) {
      csv.append(i).append(",name ").append(i * 7919).append('\n');
    }
    FileOptions options =
        new FileOptions(
            "big.csv",
            Optional.empty(),
            Optional.empty(),
            '"',
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Map.of());
    PublicationRequest request =
        new PublicationRequest(
            Optional.of("big"),
            Optional.empty(),
            options,
            mode,
            false,
            Optional.of(new Sharing("retail", "sales", Optional.empty(), List.of())));
    Change change = new Change("admin", Instant.now());
    Publications.Sender sender =
        new Publications.Sender(
            new StoredPrincipal(
                "1",
                "admin",
                AdminRole.ADMIN,
                "",
                Optional.empty(),
                new Provenance(1, change.at(), "admin", change.at(), "admin")),
            change);
    Uploads.Incoming incoming = publications.begin(request, sender, csv.length());
    try {
      incoming.write(ByteBuffer.wrap(csv.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return publications.publish(request, incoming, sender, alive);
  }

  private List<String> files() throws IOException {
    Path root = directory.resolve("tables");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> !file.equals(root) && !file.endsWith(".uploads"))
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private void assertNothingIsPublished() throws IOException {
    assertThat(files()).isEmpty();
    assertThat(publications.page(new Page.Of("", 10)).items()).isEmpty();
    assertThat(database.<Optional<?>>read(session -> new ShareStore().find(session, "retail")))
        .isEmpty();
  }

  @Test
  void aFullDiskLeavesNothingAndTheNextTryWorks() throws IOException {
    for (long room : new long[] {0, 10, 50_000}) {
      FullDisk.room = room;
      assertThatThrownBy(() -> publish(Mode.CREATE, HERE))
          .isInstanceOfSatisfying(
              ServerError.class, error -> assertThat(error.status()).isEqualTo(507))
          .hasMessageContaining("no room");
      assertNothingIsPublished();
    }
    FullDisk.room = Long.MAX_VALUE;
    assertThat(publish(Mode.CREATE, HERE).upload().rows()).isEqualTo(20_000);
    List<String> before = files();
    FullDisk.room = 1000;
    assertThatThrownBy(() -> publish(Mode.APPEND, HERE)).hasMessageContaining("no room");
    assertThat(files()).isEqualTo(before);
    assertThat(publications.get("big").upload().tableVersion()).isZero();
    FullDisk.room = Long.MAX_VALUE;
    assertThat(publish(Mode.REPLACE, HERE).upload().tableVersion()).isEqualTo(1);
  }

  @Test
  void whoLeavesWhileItIsWrittenLeavesNothing() throws IOException {
    AtomicInteger looks = new AtomicInteger();
    publish(Mode.CREATE, looks::incrementAndGet);
    publications.remove("big", true, new Change("admin", Instant.now()), any -> {});
    database.write(
        session -> {
          ShareStore shares = new ShareStore();
          shares.delete(session, shares.lock(session, "retail"));
          return null;
        });
    assertThat(looks.get()).isGreaterThan(20);
    for (int look : new int[] {0, 2, looks.get() / 2, looks.get() - 1}) {
      AtomicInteger left = new AtomicInteger(look);
      assertThatThrownBy(
              () ->
                  publish(
                      Mode.CREATE,
                      () -> {
                        if (left.getAndDecrement() == 0) {
                          throw new ClientGoneException();
                        }
                      }))
          .isInstanceOf(ClientGoneException.class);
      assertNothingIsPublished();
    }
  }

  @Test
  void aDatabaseThatFailsLeavesNoTable() throws IOException {
    assertThatThrownBy(() -> publish(Mode.CREATE, database::close))
        .isInstanceOf(RuntimeException.class);
    assertThat(files()).isEmpty();
  }

  private String record() {
    StoredPublication publication = publications.get("big");
    return publication.upload().tableVersion() + " " + publication.upload().rows();
  }

  private Path table() {
    return Path.of(publications.get("big").location().getPath());
  }

  private long commits() throws IOException {
    try (Stream<Path> log = Files.list(table().resolve("_delta_log"))) {
      return log.filter(file -> file.toString().endsWith(".json")).count();
    }
  }

  @Test
  void aDatabaseThatFailsBeforeTheEndLeavesTheTableAsItWas() throws IOException {
    publish(Mode.CREATE, HERE);
    AtomicInteger looks = new AtomicInteger();
    publish(Mode.APPEND, looks::incrementAndGet);
    assertThat(record()).isEqualTo("1 20000");
    Path table = table();
    AtomicInteger left = new AtomicInteger(looks.get() - 1);
    assertThatThrownBy(
            () ->
                publish(
                    Mode.APPEND,
                    () -> {
                      if (left.getAndDecrement() == 0) {
                        database.close();
                      }
                    }))
        .isInstanceOf(RuntimeException.class);
    publications.close();
    start();
    assertThat(table()).isEqualTo(table);
    assertThat(commits()).isEqualTo(2);
    assertThat(record()).isEqualTo("1 20000");
    assertThat(publish(Mode.APPEND, HERE).upload().tableVersion()).isEqualTo(2);
  }

  @Test
  void aRecordThatIsBehindItsTableCatchesUp() throws IOException {
    StoredPublication first = publish(Mode.CREATE, HERE);
    StoredPublication second = publish(Mode.APPEND, HERE);
    database.write(session -> new PublicationStore().record(session, second, first.upload()));
    assertThat(record()).isEqualTo("0 20000");
    publications.tidy();
    assertThat(publications.get("big").upload()).isEqualTo(second.upload());
    long version = publications.get("big").provenance().version();
    publications.tidy();
    assertThat(publications.get("big").provenance().version()).isEqualTo(version);
  }

  @Test
  void aBrokenPublicationKeepsNoOtherOneFromCatchingUp() throws IOException {
    StoredPublication first = publish(Mode.CREATE, HERE);
    StoredPublication second = publish(Mode.APPEND, HERE);
    database.write(session -> new PublicationStore().record(session, second, first.upload()));
    // Before the other one by its name, and its log cannot be read: it is a directory.
    Path broken = directory.resolve("tables/a-01234567");
    Files.createDirectories(broken.resolve("_delta_log/00000000000000000001.json"));
    database.write(
        session ->
            new PublicationStore()
                .create(
                    session,
                    new StoredPublication(
                        "01234567-0123-0123-0123-0123456789ab",
                        "a",
                        Optional.empty(),
                        broken.toUri(),
                        first.upload(),
                        Optional.empty(),
                        "admin",
                        first.provenance()),
                    new Change("admin", Instant.now())));
    publications.tidy();
    assertThat(record()).isEqualTo("1 20000");
  }

  private static void mark(Path table, String id) throws IOException {
    Files.writeString(table.resolve(".unpublished"), id);
  }

  @Test
  void whatAStoppedServerLeftIsSweptAndWhatIsKeptIsNot() throws IOException {
    publish(Mode.CREATE, HERE);
    Path published = table();
    Path root = published.getParent();
    Instant old = Instant.now().minusSeconds(7200);
    Path left = Files.createDirectories(root.resolve("left-01234567/_delta_log")).getParent();
    mark(left, "01234567");
    Path young = Files.createDirectories(root.resolve("young-01234567"));
    mark(young, "01234568");
    mark(published, publications.get("big").id());
    Path kept = Files.createDirectories(root.resolve("kept-01234567"));
    for (Path marked : List.of(left, published)) {
      Files.setLastModifiedTime(marked.resolve(".unpublished"), FileTime.from(old));
    }
    Path upload = root.resolve(".uploads/" + "0".repeat(36));
    Files.createFile(upload);
    Files.setLastModifiedTime(upload, FileTime.from(old));
    publications.tidy();
    assertThat(left).doesNotExist();
    assertThat(upload).doesNotExist();
    assertThat(young).exists();
    assertThat(kept).exists();
    assertThat(published).exists();
    assertThat(published.resolve(".unpublished")).doesNotExist();
    publications.remove("big", false, new Change("admin", Instant.now()), any -> {});
    publications.tidy();
    assertThat(published).exists();
  }

  @Test
  void versionsThatWereReplacedAfterTheLimitStay() throws IOException {
    for (Mode mode : List.of(Mode.CREATE, Mode.REPLACE, Mode.APPEND, Mode.REPLACE)) {
      publish(mode, HERE);
    }
    Path log = table().resolve("_delta_log");
    long[] days = {9, 8, 4, 1};
    for (int version = 0; version < days.length; version++) {
      Files.setLastModifiedTime(
          log.resolve("0000000000000000000" + version + ".json"),
          FileTime.from(Instant.now().minus(Duration.ofDays(days[version]))));
    }
    long data = dataFiles();
    tidyTwice(log, 2);
    // The third one was the latest three days ago.
    assertThat(names(log))
        .containsExactly(
            "00000000000000000002.checkpoint.parquet",
            "00000000000000000002.json",
            "00000000000000000003.json",
            "00000000000000000004.json",
            "_last_checkpoint");
    assertThat(dataFiles()).isEqualTo(data - 1);
    publications.tidy();
    assertThat(dataFiles()).isEqualTo(data - 1);
    assertThat(publish(Mode.APPEND, HERE).upload().tableVersion()).isEqualTo(5);
  }

  @Test
  void whatAnotherWriterBroughtBackIsKept() throws IOException {
    publish(Mode.CREATE, HERE);
    publish(Mode.REPLACE, HERE);
    Path log = table().resolve("_delta_log");
    // As RESTORE does: the first version's file is added again.
    String add =
        Files.readAllLines(log.resolve("00000000000000000000.json")).stream()
            .filter(line -> line.startsWith("{\"add\""))
            .findFirst()
            .orElseThrow();
    Files.writeString(log.resolve("00000000000000000002.json"), add + "\n");
    for (int version = 0; version < 2; version++) {
      Files.setLastModifiedTime(
          log.resolve("0000000000000000000" + version + ".json"),
          FileTime.from(Instant.now().minus(Duration.ofDays(9))));
    }
    publications.tidy();
    assertThat(names(log)).hasSize(3);
    assertThat(dataFiles()).isEqualTo(2);
  }

  @Test
  void whatAReaderKnowsOfALogIsNotDeletedUnderIt() throws IOException {
    publish(Mode.CREATE, HERE);
    publish(Mode.REPLACE, HERE);
    Path log = table().resolve("_delta_log");
    for (int version = 0; version < 2; version++) {
      Files.setLastModifiedTime(
          log.resolve("0000000000000000000" + version + ".json"),
          FileTime.from(Instant.now().minus(Duration.ofDays(9))));
    }
    TableSource reader =
        sources.open(
            new SharedTable("s", "s", "t", publications.get("big").location(), "", true, 0));
    assertThat(reader.latest().version()).isEqualTo(1);
    tidyTwice(log, 1);
    assertThat(names(log)).doesNotContain("00000000000000000000.json");
    try (TableFileIterator files = reader.latest().files()) {
      assertThat(files.next().relativePath()).endsWith(".parquet");
      assertThat(files.hasNext()).isFalse();
    }
    assertThat(dataFiles()).isEqualTo(1);
  }

  /** The checkpoint of a version is written, and an hour later what is before it is deleted. */
  private void tidyTwice(Path log, int version) throws IOException {
    Path checkpoint = log.resolve("0000000000000000000" + version + ".checkpoint.parquet");
    List<String> before = names(log);
    publications.tidy();
    assertThat(names(log)).containsAll(before).hasSize(before.size() + 3);
    Files.setLastModifiedTime(
        checkpoint, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
    publications.tidy();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private long dataFiles() throws IOException {
    return names(table()).stream().filter(name -> name.endsWith(".parquet")).count();
  }
}
