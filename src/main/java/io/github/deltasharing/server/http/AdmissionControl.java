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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Decides when a request that reads a table's log runs, so that the requests that run at once fit
 * in memory and leave processors to others. A request waits without a thread, and not for ever;
 * beyond a number of waiting requests it is refused at once. Clients take turns: next is a request
 * of the client with the fewest running ones, however many others have waiting; those of one client
 * start in the order of arrival. Small tables have a lane of their own, which large ones cannot
 * block. One client never has a whole lane: a fourth of it is left to others. Safe for use by
 * several threads.
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

  /** What runs and waits in one of the lanes. */
  public interface Load {
    int running();

    int waiting();

    /** Requests that were refused, since the start. */
    long refused();
  }

  /** Of requests on tables with a small log. */
  public Load light() {
    return light;
  }

  /** Of those on all other tables. */
  public Load heavy() {
    return heavy;
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
  private final class Lane implements Load {
    private final int maxRunning;
    private final long maxBytes;

    /** Who is here, in the order in which turns come round. */
    private final Map<String, Client> clients = new LinkedHashMap<>();

    /** Whose turn it is once there is memory for it; null if nothing waits for memory. */
    private Waiting next;

    private int waiting;
    private int running;
    private long bytes;
    private long refused;

    Lane(int maxRunning, long maxBytes) {
      this.maxRunning = maxRunning;
      this.maxBytes = maxBytes;
    }

    @Override
    public synchronized int running() {
      return running;
    }

    @Override
    public synchronized int waiting() {
      return waiting;
    }

    @Override
    public synchronized long refused() {
      return refused;
    }

    void add(Waiting request) {
      ServerError refusal = null;
      synchronized (this) {
        Client client = clients.get(request.client());
        if (waiting >= limits.waiting()) {
          refusal = ServerError.busy("The server has too many requests at once. Try again");
        } else if (client != null && client.queue.size() >= share(limits.waiting())) {
          refusal =
              ServerError.tooMany(
                  "This client has too many requests at once. Send fewer at a time");
        } else {
          clients.computeIfAbsent(request.client(), name -> new Client()).queue.add(request);
          waiting++;
        }
        refused += refusal == null ? 0 : 1;
      }
      if (refusal != null) {
        request.refuse().accept(refusal);
      }
      startNext();
    }

    private void startNext() {
      for (Waiting ready : takeReady()) {
        try {
          executor.execute(() -> runAndLeave(ready));
        } catch (Throwable e) {
          leave(ready);
          ready.refuse().accept(ServerError.busy("The server has no thread left. Try again"));
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
      while (running < maxRunning) {
        next = next == null ? choose() : next;
        // Smaller ones wait as well, or it would never get its turn.
        if (next == null || (running > 0 && bytes + charged(next) > maxBytes)) {
          break;
        }
        Client client = clients.remove(next.client());
        client.queue.remove();
        client.running++;
        clients.put(next.client(), client);
        waiting--;
        running++;
        bytes += charged(next);
        ready.add(next);
        next = null;
      }
      return ready;
    }

    /** Of the clients with the fewest running requests, that whose last turn is longest ago. */
    private Waiting choose() {
      Client chosen = null;
      for (Client client : clients.values()) {
        if (!client.queue.isEmpty()
            && client.running < share(maxRunning)
            && (chosen == null || client.running < chosen.running)) {
          chosen = client;
        }
      }
      return chosen == null ? null : chosen.queue.peek();
    }

    private synchronized void leave(Waiting request) {
      Client client = clients.get(request.client());
      client.running--;
      running--;
      bytes -= charged(request);
      forget(request.client(), client);
    }

    private void forget(String name, Client client) {
      if (client.running == 0 && client.queue.isEmpty()) {
        clients.remove(name);
      }
    }

    /** What is too large for the server runs alone. */
    private long charged(Waiting request) {
      return Math.min(request.bytes(), maxBytes);
    }

    void sweep() {
      List<Waiting> late = new ArrayList<>();
      synchronized (this) {
        long latest = System.nanoTime() - limits.waitingTime().toNanos();
        for (Map.Entry<String, Client> entry : List.copyOf(clients.entrySet())) {
          Deque<Waiting> queue = entry.getValue().queue;
          while (!queue.isEmpty() && queue.peek().since() - latest < 0) {
            late.add(queue.remove());
          }
          forget(entry.getKey(), entry.getValue());
        }
        waiting -= late.size();
        refused += late.size();
        next = late.contains(next) ? null : next;
      }
      for (Waiting request : late) {
        request
            .refuse()
            .accept(ServerError.busy("The server was too busy for this request. Try again"));
      }
      startNext();
    }
  }

  /** What one client has in a lane. */
  private static final class Client {
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int running;
  }
}
