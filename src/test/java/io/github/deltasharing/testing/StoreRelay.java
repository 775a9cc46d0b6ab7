/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between a recipient and a sharing server, data files included, and makes files late: by a
 * delay, or by holding requests until a test lets them go. Thread-safe.
 */
public final class StoreRelay implements AutoCloseable {
  private static final Pattern SIGNATURE = Pattern.compile("[?&]signature=([^&]+)");

  private final StubServer http = new StubServer().onAnything(this::answer);
  private final URI behind;
  private final Set<String> signatures = ConcurrentHashMap.newKeySet();
  private volatile Duration delay = Duration.ZERO;
  private volatile Hold hold = new Hold(0, 0);

  /**
   * Starts it.
   *
   * @param behind the server's endpoint
   */
  public StoreRelay(URI behind) {
    this.behind = behind;
  }

  /** What a profile names instead of the server's. */
  public String endpoint() {
    return http.url(behind.getPath());
  }

  /** The signatures of all URLs that were used. */
  public Set<String> signatures() {
    return new TreeSet<>(signatures);
  }

  /** From now on each request for a data file waits so long before it is passed on. */
  public void delay(Duration each) {
    delay = each;
  }

  /**
   * From now on requests for data files are held.
   *
   * @param after how many pass before
   * @param most how many are held; those after them pass
   */
  public Hold hold(int after, int most) {
    hold = new Hold(after, most);
    return hold;
  }

  private StubAnswer answer(StubRequest request) {
    if (!request.target().contains("/files/")) {
      StubAnswer answer = PassOn.to(behind, request, request.body());
      return answer.withBody(
          new String(answer.body(), StandardCharsets.UTF_8)
              .replace("//" + behind.getAuthority() + "/", "//" + http.authority() + "/"));
    }
    Matcher signature = SIGNATURE.matcher(request.target());
    if (signature.find()) {
      signatures.add(signature.group(1));
    }
    try {
      Thread.sleep(delay.toMillis());
      hold.pass();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return PassOn.to(behind, request, request.body());
  }

  @Override
  public void close() {
    hold.close();
    http.close();
  }

  /** Requests that wait. Close it: they go on. */
  public static final class Hold implements AutoCloseable {
    private final Semaphore before;
    private final Semaphore places;
    private final Semaphore held = new Semaphore(0);
    private final CountDownLatch released = new CountDownLatch(1);

    private Hold(int after, int most) {
      before = new Semaphore(after);
      places = new Semaphore(most);
    }

    private void pass() throws InterruptedException {
      if (!before.tryAcquire() && places.tryAcquire()) {
        held.release();
        released.await();
      }
    }

    /** Waits until so many more requests are held. */
    public void await(int requests, Duration longest) throws IOException, InterruptedException {
      if (!held.tryAcquire(requests, longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "only " + held.availablePermits() + " of " + requests + " requests came");
      }
    }

    @Override
    public void close() {
      released.countDown();
    }
  }
}
