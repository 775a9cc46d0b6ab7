/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this process holds: counted where Linux tells it, 0 elsewhere.
 *
 * @param sockets open sockets, the embedded servers' among them
 * @param connections those of them that are connected to the server asked for: a client's ends
 * @param threads our own, by their name
 * @param httpClients the JDK's HTTP clients, each of which has a thread of this kind
 * @param httpWorkers the JDK's HTTP clients' other threads
 * @param heapBytes live after a garbage collection
 */
public record ProcessUse(
    int sockets, int connections, int threads, int httpClients, int httpWorkers, long heapBytes) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /**
   * Counts now.
   *
   * @param port the server's
   */
  public static ProcessUse now(int port) throws InterruptedException {
    Set<String> sockets = socketInodes();
    return new ProcessUse(
        sockets.size(),
        connections(sockets, port),
        threads("delta-sharing-.*"),
        threads("HttpClient-\\d+-SelectorManager"),
        threads("HttpClient-\\d+-Worker-\\d+"),
        liveHeap());
  }

  /** The inodes of the sockets of this process. */
  private static Set<String> socketInodes() {
    Set<String> inodes = new HashSet<>();
    if (!Files.isDirectory(DESCRIPTORS)) {
      return inodes;
    }
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      for (Path descriptor : descriptors.toList()) {
        String target = target(descriptor);
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return inodes;
  }

  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException e) {
      return "closed meanwhile";
    }
  }

  private static int connections(Set<String> inodes, int port) {
    String remote = ":%04X".formatted(port);
    int count = 0;
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      if (!Files.isReadable(Path.of(table))) {
        continue;
      }
      try {
        for (String line : Files.readAllLines(Path.of(table))) {
          String[] fields = line.trim().split(" +");
          if (fields.length > 9 && fields[2].endsWith(remote) && inodes.contains(fields[9])) {
            count++;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return count;
  }

  private static int threads(String name) {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches(name))
            .count();
  }

  private static long liveHeap() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    // Spark cleans up, in a thread of its own, what a collection found to be unused.
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(100);
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Override
  public String toString() {
    return "%d sockets (%d to the store), %d threads, %d HTTP clients with %d, %,d KiB heap"
        .formatted(sockets, connections, threads, httpClients, httpWorkers, heapBytes >> 10);
  }
}
