package io.github.deltasharing.read;

import io.github.deltasharing.storage.PrimedFile;
import io.github.deltasharing.storage.ReadAhead;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Hands out a partition's slices in order, each with its file open, and opens later ones ahead:
 * some at first, for a LIMIT may soon have its rows, then more with each slice that is read, as
 * long as there is room. Used by one task thread. Closes nothing: the task's {@link ReadAhead}
 * does.
 */
final class SlicesAhead {
  /** Small files are read faster than they come: fewer would leave a task waiting at its start. */
  private static final int FIRST = 16;

  private static final int GROWTH = 4;
  private static final int MOST = 64;

  private final List<FileSlice> slices;
  private final ReadAhead ahead;
  private final Queue<Opened> opened = new ArrayDeque<>();
  private int next;
  private int most = FIRST;

  /**
   * A slice whose bytes are on their way.
   *
   * @param file null where it is not known yet whether any of its rows is asked for
   * @param rows waits for which rows of the file are asked for; null for all
   */
  record Opened(FileSlice slice, PrimedFile file, Supplier<SelectedRows> rows) {}

  SlicesAhead(List<FileSlice> slices, ReadAhead ahead) {
    this.slices = slices;
    this.ahead = ahead;
  }

  boolean hasNext() {
    return !opened.isEmpty() || next < slices.size();
  }

  /** The next slice. The caller closes its file. */
  Opened next() {
    Opened result = opened.isEmpty() ? open() : opened.remove();
    while (opened.size() < most && next < slices.size() && hasRoom(slices.get(next))) {
      opened.add(open());
    }
    most = Math.min(most * GROWTH, MOST);
    return result;
  }

  private boolean hasRoom(FileSlice slice) {
    return ahead.hasRoomFor(slice.file(), slice.rows() == null ? 0 : slice.rows().storedBytes());
  }

  private Opened open() {
    FileSlice slice = slices.get(next++);
    PrimedFile file =
        slice.rows() != null && slice.rows().mayBeEmpty() ? null : ahead.open(slice.file());
    return new Opened(slice, file, slice.rows() == null ? null : slice.rows().load(ahead));
  }
}
