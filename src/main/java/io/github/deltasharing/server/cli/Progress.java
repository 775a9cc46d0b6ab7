/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.cli;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * How far a file is, on stderr: a line that changes where somebody sits, else its begin and end.
 * Used by one thread at a time; its user closes it.
 */
final class Progress implements LongConsumer, AutoCloseable {
  private static final long WHOLE = 100;

  private final Terminal terminal;
  private final String name;
  private final long bytes;
  private long percent = -1;

  Progress(Terminal terminal, Path file, long bytes) {
    this.terminal = terminal;
    this.name = TerminalText.escape(String.valueOf(file.getFileName()));
    this.bytes = bytes;
    if (terminal.prompt().isEmpty()) {
      terminal.err().printf("%s: sending %,d bytes%n", name, bytes);
    }
  }

  @Override
  public void accept(long sent) {
    long now = bytes == 0 ? WHOLE : sent * WHOLE / bytes;
    if (now != percent && terminal.prompt().isPresent()) {
      terminal.err().printf("\r%s: %d %% of %,d bytes", name, now, bytes);
      terminal.err().flush();
    }
    percent = now;
  }

  @Override
  public void close() {
    if (terminal.prompt().isPresent()) {
      terminal.err().println();
    }
  }
}
