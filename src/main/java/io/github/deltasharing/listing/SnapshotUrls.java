package io.github.deltasharing.listing;

import io.github.deltasharing.client.QueryResult;
import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.storage.RenewedUrls;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest URLs of a snapshot's files. Whoever asks while the server is being asked gets that
 * answer; whoever knows an older answer than the newest gets the newest at once. Driver only;
 * thread-safe; no lock is held while the server is asked.
 */
public final class SnapshotUrls {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotUrls.class);

  /** Between an answer and the next question, where no store refused its URLs. */
  private static final long LEAST_PAUSE_MILLIS = 1_000;

  private static final int MOST_RUNS = 100;

  private final String id = UUID.randomUUID().toString();
  private final Relisting renewal;
  private final Duration assumedLife;
  private final Executor threads;
  private final LongSupplier clock;
  private RenewedAnswer newest = new RenewedAnswer();
  private long answeredAt;
  private CompletableFuture<RenewedAnswer> running;

  /** By the run that asked; a DataFrame may run several times at once. */
  private final Map<Long, CompletableFuture<Void>> confirmations =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CompletableFuture<Void>> eldest) {
          return size() > MOST_RUNS;
        }
      };

  /**
   * @param assumedLife of URLs whose end the server does not tell
   */
  public SnapshotUrls(Relisting renewal, Duration assumedLife) {
    this(renewal, assumedLife, UrlThreads.shared(), System::currentTimeMillis);
  }

  /**
   * @param assumedLife of URLs whose end the server does not tell
   * @param threads run the requests
   * @param clock epoch milliseconds
   */
  SnapshotUrls(Relisting renewal, Duration assumedLife, Executor threads, LongSupplier clock) {
    this.renewal = renewal;
    this.assumedLife = assumedLife;
    this.threads = threads;
    this.clock = clock;
  }

  /** What executors call the scan. */
  public String id() {
    return id;
  }

  /**
   * URLs of a file that are newer than those of {@code known}. Does not block.
   *
   * @return completes exceptionally with a {@link io.github.deltasharing.error.SharingException} if
   *     there are none
   */
  synchronized CompletableFuture<RenewedUrls> newer(String fileId, long known) {
    if (known < newest.generation()) {
      RenewedAnswer answer = newest;
      RenewedUrls urls = answer.of(fileId);
      if (urls == null || clock.getAsLong() < urls.renewAt()) {
        return CompletableFuture.supplyAsync(() -> of(fileId, answer).reused(), Runnable::run);
      }
    }
    if (running == null) {
      running = CompletableFuture.supplyAsync(this::renew, threads);
    }
    return running.thenApply(all -> of(fileId, all));
  }

  /**
   * The same for URLs that no store refused, but that an executor holds for due.
   *
   * @param renewAt when they are
   * @return gives null for those that the executor has, which are to be kept
   */
  synchronized CompletableFuture<RenewedUrls> ifDue(
      String fileId, long knownGeneration, long renewAt) {
    boolean known = knownGeneration == newest.generation();
    if (clock.getAsLong() < renewAt || known && isNew()) {
      return CompletableFuture.completedFuture(null);
    }
    if (isNew() && newest.of(fileId) != null && !newest.isAmbiguous(fileId)) {
      return CompletableFuture.completedFuture(newest.of(fileId).reused());
    }
    return newer(fileId, knownGeneration);
  }

  /** Whether the newest answer is not old enough for another, however soon its URLs are due. */
  private boolean isNew() {
    return newest.generation() > 0 && clock.getAsLong() < answeredAt + LEAST_PAUSE_MILLIS;
  }

  /** The time by which URLs are due. */
  long now() {
    return clock.getAsLong();
  }

  /**
   * Whether the table is still the one that was planned, for a later run of the plan. Does not
   * block; the server is asked once a run.
   *
   * @param execution stands for the run
   * @return completes exceptionally if it is not
   */
  synchronized CompletableFuture<Void> confirmed(long execution) {
    CompletableFuture<Void> known = confirmations.get(execution);
    if (known == null || known.isCompletedExceptionally()) {
      known = CompletableFuture.runAsync(renewal::confirm, threads);
      confirmations.put(execution, known);
    }
    return known;
  }

  private RenewedUrls of(String fileId, RenewedAnswer answer) {
    if (answer.isAmbiguous(fileId)) {
      throw FileErrors.urlOfSeveral(renewal.toString(), fileId);
    }
    RenewedUrls urls = answer.of(fileId);
    if (urls == null) {
      throw FileErrors.urlsNotRenewed(
          renewal.toString(), "the server does not list file " + fileId + " any more", null);
    }
    return urls;
  }

  private RenewedAnswer renew() {
    try {
      long start = clock.getAsLong();
      QueryResult answer = renewal.renew();
      LOG.info(
          "{}: URLs of {} files renewed in {} ms",
          renewal,
          answer.files().size(),
          clock.getAsLong() - start);
      return keep(answer, new UrlLife(start, assumedLife, answer.urlExpiration()));
    } catch (SharingException e) {
      // One line, however many executors are told.
      LOG.warn("{}", e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{} failed", this, e);
      throw e;
    } finally {
      synchronized (this) {
        running = null;
      }
    }
  }

  private synchronized RenewedAnswer keep(QueryResult answer, UrlLife life) {
    newest = new RenewedAnswer(answer.files(), life, newest);
    answeredAt = clock.getAsLong();
    return newest;
  }

  @Override
  public String toString() {
    return "SnapshotUrls[" + renewal + "]";
  }
}
