/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.error.ServerError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Decides when a request that reads a table's log runs, so that the requests that run at once fit
 * in memory and leave processors to others. A request waits without a thread, in the order of
 * arrival, and not for ever; beyond a number of waiting requests it is refused at once. Small
 * tables have a lane of their own, which large ones cannot block. One client never has a whole
 * lane: a fourth of it is left to others. Safe for use by several threads.
 */
public final class AdmissionControl {
  /** Estimated memory up to which a request is light. */
  static final long LIGHT_BYTES = 4 << 20;

  private final ServerLimits limits;
  private final Executor executor;
  private final Lane light;
  private final Lane heavy;

  public AdmissionControl(ServerLimits limits, Executor executor) {
    this.limits = limits;
    this.executor = executor;
    this.light = new Lane(limits.runningLight(), Long.MAX_VALUE);
    this.heavy = new Lane(limits.runningHeavy(), limits.heavyBytes());
  }

  /**
   * Runs the work when it is its turn, on a thread of the executor.
   *
   * @param client who shares limits with whom
   * @param bytes the memory that it may take
   * @param work does not throw
   * @param refuse gets the 429 or 503 when its turn does not come
   */
  public void run(String client, long bytes, Runnable work, Consumer<ServerError> refuse) {
    Lane lane = bytes <= LIGHT_BYTES ? light : heavy;
    lane.add(new Waiting(client, bytes, work, refuse, System.nanoTime()));
  }

  /** Refuses what has waited for too long. To be called every now and then. */
  public void sweep() {
    light.sweep();
    heavy.sweep();
  }

  private static int share(int of) {
    return Math.max(1, of * 3 / 4);
  }

  /** A request that waits, or runs. */
  private record Waiting(
      String client, long bytes, Runnable work, Consumer<ServerError> refuse, long since) {}

  /** Requests that run at once, and those that wait for them. */
  private final class Lane {
    private final int maxRunning;
    private final long maxBytes;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Map<String, Integer> waitingByClient = new HashMap<>();
    private final Map<String, Integer> runningByClient = new HashMap<>();
    private int running;
    private long bytes;

    Lane(int maxRunning, long maxBytes) {
      this.maxRunning = maxRunning;
      this.maxBytes = maxBytes;
    }

    void add(Waiting request) {
      ServerError refusal = null;
      synchronized (this) {
        if (queue.size() >= limits.waiting()) {
          refusal = ServerError.busy("The server has too many requests at once. Try again");
        } else if (waitingByClient.getOrDefault(request.client(), 0) >= share(limits.waiting())) {
          refusal =
              ServerError.tooMany(
                  "This client has too many requests at once. Send fewer at a time");
        } else {
          queue.add(request);
          waitingByClient.merge(request.client(), 1, Integer::sum);
        }
      }
      if (refusal != null) {
        request.refuse().accept(refusal);
      }
      startNext();
    }

    private void startNext() {
      for (Waiting next : takeReady()) {
        try {
          executor.execute(() -> runAndLeave(next));
        } catch (Throwable e) {
          leave(next);
          next.refuse().accept(ServerError.busy("The server has no thread left. Try again"));
        }
      }
    }

    private void runAndLeave(Waiting request) {
      try {
        request.work().run();
      } finally {
        leave(request);
        startNext();
      }
    }

    private synchronized List<Waiting> takeReady() {
      List<Waiting> ready = new ArrayList<>();
      var waiting = queue.iterator();
      while (waiting.hasNext() && running < maxRunning) {
        Waiting next = waiting.next();
        if (runningByClient.getOrDefault(next.client(), 0) >= share(maxRunning)) {
          continue;
        }
        if (running > 0 && bytes + charged(next) > maxBytes) {
          // Smaller ones behind it wait as well, or it would never get its turn.
          break;
        }
        waiting.remove();
        count(waitingByClient, next, -1);
        count(runningByClient, next, 1);
        running++;
        bytes += charged(next);
        ready.add(next);
      }
      return ready;
    }

    private synchronized void leave(Waiting request) {
      count(runningByClient, request, -1);
      running--;
      bytes -= charged(request);
    }

    private void count(Map<String, Integer> counts, Waiting request, int by) {
      counts.merge(request.client(), by, (a, b) -> a + b == 0 ? null : a + b);
    }

    /** What is too large for the server runs alone. */
    private long charged(Waiting request) {
      return Math.min(request.bytes(), maxBytes);
    }

    void sweep() {
      List<Waiting> late = new ArrayList<>();
      synchronized (this) {
        long now = System.nanoTime();
        queue.removeIf(
            request -> {
              boolean tooLong = now - request.since() > limits.waitingTime().toNanos();
              if (tooLong) {
                late.add(request);
                count(waitingByClient, request, -1);
              }
              return tooLong;
            });
      }
      for (Waiting request : late) {
        request
            .refuse()
            .accept(ServerError.busy("The server was too busy for this request. Try again"));
      }
    }
  }
}
