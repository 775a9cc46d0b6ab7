/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.streaming;

import io.github.deltasharing.client.AsOf;
import io.github.deltasharing.client.SharingClient;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.options.SharingReadConf;
import io.github.deltasharing.options.StreamOptions;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.schema.TableFeatures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a stream reads next, and finds the files of what was decided. Offsets say all about
 * a batch: called again with the same two, it gives the same files, if need be by a request to the
 * server again. Used by the stream's thread.
 */
public final class StreamReader {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);

  private final SharingClient client;
  private final TableGuard guard;
  private final CommitLog log;
  private final StreamStart start;
  private final VersionPolling polling;
  private StreamPosition origin;

  /** The latest version when the start was last found to lie after it. */
  private long tooEarly = -1;

  private long checkedAt = Long.MAX_VALUE;

  /**
   * @param client requests versions
   * @param lists lists files
   * @param start where the stream begins without a checkpoint
   */
  public StreamReader(
      SharingClient client,
      TableGuard guard,
      StreamFileLister lists,
      StreamStart start,
      SharingReadConf conf) {
    this.client = client;
    this.guard = guard;
    this.start = start;
    this.log =
        new CommitLog(
            lists, guard, CommitRules.of(conf), conf.get(StreamOptions.MAX_VERSIONS_PER_RPC));
    this.polling =
        new VersionPolling(
            () -> client.version(guard.table()),
            conf.get(StreamOptions.QUERY_TABLE_VERSION_INTERVAL));
  }

  /** The id of the table that is read. */
  public String tableId() {
    return guard.tableId();
  }

  /** Goes no further than the latest version of now. */
  public void freeze() {
    polling.freeze();
  }

  /**
   * Where the batch after {@code from} ends: {@code from} itself where there is nothing new.
   *
   * @return null before the commit that the stream begins with
   * @throws io.github.deltasharing.error.SharingException if the stream may not go on
   */
  public SharingOffset next(SharingOffset from, ReadLimit limit) {
    guard.check(from);
    long latest = polling.latest();
    if (from.isInitial()) {
      if (origin == null) {
        if (latest == tooEarly) {
          return null;
        }
        StreamPosition resolved = start.resolve(client, guard.table(), polling);
        if (resolved == null) {
          LOG.info(
              "{}: the stream begins with the first commit at or after {}; the latest version, {}, is from before",
              guard.table(),
              start.timestamp(),
              latest);
          tooEarly = latest;
          return null;
        }
        if (resolved.snapshot()) {
          log.probe(resolved.version());
        }
        origin = resolved;
      }
      return offset(advance(origin, null, latest, limit), origin);
    }
    log.forgetBefore(from.position());
    checkBehind(from.position(), latest);
    Reached next = advance(from.position(), from.order(), latest, limit);
    return next.at().equals(from.position()) ? from : offset(next, null);
  }

  /** Where a batch ends, and how the files there are counted. */
  private record Reached(StreamPosition at, FileOrder order) {}

  private SharingOffset offset(Reached end, StreamPosition first) {
    return SharingOffset.of(guard.tableId(), end.at(), end.order(), first);
  }

  private Reached advance(StreamPosition from, FileOrder given, long latest, ReadLimit limit) {
    BatchBudget admission = new BatchBudget(SharingReadLimit.of(limit));
    StreamPosition at = from;
    FileOrder order = given;
    while (at.snapshot() || at.version() <= latest) {
      if (admission.isFull() && !(at.isStart() && log.isEmpty(at))) {
        break;
      }
      StreamedVersion read;
      try {
        read = log.at(at, order, latest, latest);
      } catch (SharingException e) {
        if (at.equals(from)) {
          throw e;
        }
        LOG.warn("What comes before is read, and then: {}", e.getMessage());
        break;
      }
      order = read.listing().order();
      long last = admit(read, at.index(), admission);
      if (last < read.files().size() - 1) {
        at = new StreamPosition(at.version(), last, at.snapshot());
        break;
      }
      at = StreamPosition.ofCommit(at.version() + 1);
      order = null;
    }
    return new Reached(at, order);
  }

  /** The index of the last file that comes into the batch. */
  private static long admit(StreamedVersion read, long after, BatchBudget admission) {
    List<StreamFile> files = read.between(after, Long.MAX_VALUE);
    if (read.whole()) {
      return admission.admit(changes(files)) ? after + files.size() : after;
    }
    long last = after;
    for (StreamFile file : files) {
      if (!admission.admit(List.of(file.change()))) {
        break;
      }
      last++;
    }
    return last;
  }

  private static List<ChangeFile> changes(List<StreamFile> files) {
    return files.stream().map(StreamFile::change).toList();
  }

  /** The files between two offsets, commit by commit, in their order. */
  public List<StreamFile> files(SharingOffset from, SharingOffset to) {
    guard.check(from);
    guard.check(to);
    StreamPosition end = to.position();
    StreamPosition at = from.isInitial() ? originOf(to) : from.position();
    FileOrder order = from.order();
    List<StreamFile> files = new ArrayList<>();
    while (at.compareTo(end) < 0) {
      boolean last = at.version() == end.version() && at.snapshot() == end.snapshot();
      // A version that is read in part is counted in a certain way, and requested by itself.
      order = last ? to.order() : order;
      StreamedVersion read = log.at(last ? end : at, order, end.version() - 1, -1);
      files.addAll(read.between(at.index(), last ? end.index() : Long.MAX_VALUE));
      at = last ? end : StreamPosition.ofCommit(at.version() + 1);
      order = null;
    }
    return files;
  }

  private StreamPosition originOf(SharingOffset end) {
    return end.origin() != null ? end.origin() : start.before(end, client, guard.table());
  }

  /** A table with fewer versions than were read may be another one. */
  private void checkBehind(StreamPosition from, long latest) {
    if (latest < from.version() - 1 && latest != checkedAt) {
      guard.check(
          client.metadata(
              guard.table(),
              AsOf.latest(),
              List.of(ResponseFormat.values()),
              TableFeatures.SUPPORTED));
      checkedAt = latest;
    }
  }

  /** A batch was read: what it needed can go. */
  public void committed(SharingOffset end) {
    log.forgetBefore(end.position());
  }

  /**
   * The end of the latest version that the server was known to have; null before the first request.
   */
  public SharingOffset serverOffset() {
    long known = polling.known();
    return known < 0
        ? null
        : SharingOffset.of(guard.tableId(), StreamPosition.ofCommit(known + 1), null, null);
  }

  /**
   * What a query's progress shows, by name.
   *
   * @param consumed up to where the stream has read, or null
   */
  public Map<String, String> metrics(SharingOffset consumed) {
    Map<String, String> metrics = new LinkedHashMap<>();
    long latest = polling.known();
    if (latest < 0) {
      return metrics;
    }
    metrics.put("serverVersion", "" + latest);
    metrics.put("lastPollAgeMs", "" + polling.age());
    if (consumed != null && !consumed.isInitial()) {
      StreamPosition position = consumed.position();
      CommitLog.Backlog backlog = log.backlog(position);
      long versions = latest - position.version() + 1;
      metrics.put("numVersionsOutstanding", "" + Math.max(0, versions));
      metrics.put("numFilesOutstanding", "" + backlog.files());
      metrics.put("numBytesOutstanding", "" + backlog.bytes());
      metrics.put(
          "fetchedVersion", "" + Math.max(backlog.fetchedVersion(), position.version() - 1));
    }
    return metrics;
  }
}
