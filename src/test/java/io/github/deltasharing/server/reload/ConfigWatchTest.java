/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.config.ConfigSource;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.testing.MovableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at a file that is written, half written, broken and gone. */
@Tag("unit")
class ConfigWatchTest {
  private static final String GOOD = "authorization: {bearerToken: t}\n";

  @TempDir Path directory;
  private final AtomicInteger prepared = new AtomicInteger();
  private boolean databaseAway;
  private Path file;
  private ConfigReloader reloader;
  private ConfigWatch watch;

  @BeforeEach
  void start() throws Exception {
    file = Files.writeString(directory.resolve("share.yaml"), GOOD);
    ShareConfig config = ShareConfigReader.read(file).build();
    reloader =
        new ConfigReloader(
            Optional.of(new ConfigSource(file, () -> ShareConfigReader.read(file).build())),
            config,
            List.of(
                next -> {
                  if (databaseAway) {
                    throw new IllegalStateException("The database is away");
                  }
                  prepared.incrementAndGet();
                  return () -> {};
                }),
            new MovableClock());
    watch = new ConfigWatch(List.of(file), reloader);
    watch.look();
    watch.look();
    // What the file had when the server was started is not known here: it is read once more.
    assertThat(prepared).hasValue(1);
  }

  @AfterEach
  void stop() {
    watch.close();
  }

  @Test
  void aFileThatStaysIsReadOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      watch.look();
    }
    Files.writeString(file, GOOD);
    watch.look();
    watch.look();
    assertThat(prepared).hasValue(1);
  }

  @Test
  void aFileThatIsBeingWrittenIsLeftAlone() throws Exception {
    for (int i = 0; i < 5; i++) {
      Files.writeString(file, GOOD + "# " + i);
      watch.look();
    }
    assertThat(prepared).hasValue(1);
    watch.look();
    assertThat(prepared).hasValue(2);
  }

  @Test
  void aFileThatIsWrongIsTriedOnceAndTakenWhenItIsMended() throws Exception {
    Files.writeString(file, "shares: [");
    for (int i = 0; i < 5; i++) {
      watch.look();
    }
    assertThat(reloader.refused()).isEqualTo(1);
    assertThat(reloader.isLastTaken()).isFalse();
    Files.writeString(file, GOOD);
    watch.look();
    watch.look();
    assertThat(prepared).hasValue(2);
    assertThat(reloader.isLastTaken()).isTrue();
  }

  @Test
  void aFileThatIsGoneIsOneThatIsWrong() throws Exception {
    Files.delete(file);
    watch.look();
    assertThat(reloader.refused()).isZero();
    watch.look();
    watch.look();
    assertThat(reloader.refused()).isEqualTo(1);
    Files.writeString(file, GOOD);
    watch.look();
    watch.look();
    assertThat(reloader.isLastTaken()).isTrue();
  }

  @Test
  void whatFailsForAnotherReasonIsTriedAgain() throws Exception {
    databaseAway = true;
    Files.writeString(file, GOOD + "# more");
    watch.look();
    watch.look();
    watch.look();
    assertThat(reloader.refused()).isEqualTo(2);
    databaseAway = false;
    watch.look();
    assertThat(prepared).hasValue(2);
  }

  /** Such as a file that it names and that comes later. */
  @Test
  void whatIsRefusedForWhatIsNotInItIsTriedAgainNowAndThen() throws Exception {
    Files.writeString(file, GOOD + "signingKeyFile: late.txt\n");
    for (int i = 0; i < ConfigWatch.REFUSED_LOOKS; i++) {
      watch.look();
    }
    assertThat(reloader.refused()).isEqualTo(1);
    Files.writeString(directory.resolve("late.txt"), "0123456789".repeat(4));
    for (int i = 0; i < ConfigWatch.REFUSED_LOOKS; i++) {
      watch.look();
    }
    assertThat(reloader.isLastTaken()).isTrue();
    assertThat(reloader.refused()).isEqualTo(1);
    assertThat(prepared).hasValue(2);
  }

  @Test
  void whileItIsReadItIsNotSaidToBeRefused() {
    AtomicReference<ConfigReloader> itself = new AtomicReference<>();
    List<Boolean> said = new ArrayList<>();
    itself.set(
        new ConfigReloader(
            Optional.of(new ConfigSource(file, () -> ShareConfigReader.read(file).build())),
            ShareConfigReader.read(file).build(),
            List.of(
                next -> {
                  said.add(itself.get().isLastTaken());
                  return () -> said.add(itself.get().isLastTaken());
                }),
            new MovableClock()));
    itself.get().reload();
    assertThat(said).containsExactly(true, true);
  }
}
