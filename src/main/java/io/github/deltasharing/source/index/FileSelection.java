/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;

/** The files of a version that a query wants. Valid while its {@link IndexedFiles} are open. */
public final class FileSelection {
  private final List<BlockPart> parts;
  private final VectorCodec codec;
  private final long count;

  FileSelection(List<BlockPart> parts, VectorCodec codec) {
    this.parts = parts;
    this.codec = codec;
    this.count = parts.stream().mapToLong(BlockPart::count).sum();
  }

  /** How many files there are. */
  public long count() {
    return count;
  }

  /** The files in the order of the log. */
  public TableFileIterator files() {
    Iterator<BlockPart> rest = parts.iterator();
    return new OpenFiles() {
      private BlockPart part;
      private int next = -1;

      @Override
      public boolean hasNext() {
        while (next < 0 && rest.hasNext()) {
          part = rest.next();
          next = part.files().nextSetBit(0);
        }
        return next >= 0;
      }

      @Override
      TableFile take() {
        int file = next;
        next = part.files().nextSetBit(next + 1);
        return part.block().file(file, codec);
      }
    };
  }

  /**
   * The files in the order of their paths.
   *
   * @param after only files behind this path
   */
  public TableFileIterator byPath(Optional<String> after) {
    PriorityQueue<Cursor> cursors = new PriorityQueue<>(Comparator.comparing(Cursor::path));
    for (BlockPart part : parts) {
      Cursor cursor = new Cursor(part, after);
      if (cursor.path() != null) {
        cursors.add(cursor);
      }
    }
    return new OpenFiles() {
      @Override
      public boolean hasNext() {
        return !cursors.isEmpty();
      }

      @Override
      TableFile take() {
        Cursor first = cursors.remove();
        TableFile file = first.file(codec);
        first.advance();
        if (first.path() != null) {
          cursors.add(first);
        }
        return file;
      }
    };
  }

  /** How many files are behind a path. */
  public long countAfter(String path) {
    long after = 0;
    for (BlockPart part : parts) {
      for (Cursor cursor = new Cursor(part, Optional.of(path));
          cursor.place < part.block().size();
          cursor.place++) {
        after += part.files().get(part.block().byPath(cursor.place)) ? 1 : 0;
      }
    }
    return after;
  }

  /** Files of one block in the order of their paths. */
  private static final class Cursor {
    private final BlockPart part;
    private int place;
    private String path;

    Cursor(BlockPart part, Optional<String> after) {
      this.part = part;
      this.place = after.isPresent() ? firstAfter(after.get()) - 1 : -1;
      advance();
    }

    private int firstAfter(String after) {
      int low = 0;
      int high = part.block().size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (part.block().path(part.block().byPath(middle)).compareTo(after) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    void advance() {
      do {
        place++;
      } while (place < part.block().size() && !part.files().get(part.block().byPath(place)));
      path = place < part.block().size() ? part.block().path(part.block().byPath(place)) : null;
    }

    /** Of the file that is next; null at the end. */
    String path() {
      return path;
    }

    TableFile file(VectorCodec codec) {
      return part.block().file(part.block().byPath(place), codec);
    }
  }

  /** Files that need not be closed. */
  private abstract static class OpenFiles implements TableFileIterator {
    abstract TableFile take();

    @Override
    public TableFile next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return take();
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
