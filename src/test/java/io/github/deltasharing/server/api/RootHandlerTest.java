/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.ServerClient;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.Readiness;
import io.github.deltasharing.server.http.RunningRequests;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that come while the server stops and still listens. */
@Tag("unit")
class RootHandlerTest {
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicBoolean database = new AtomicBoolean(true);
  private final Readiness readiness = new Readiness(database::get);
  private final List<AccessRecord> records = new CopyOnWriteArrayList<>();
  private final Server jetty = new Server();
  private RootHandler root;
  private URI origin;

  /** Answers once it may. */
  private final class Slow extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      began.countDown();
      goOn.await();
      response.setStatus(200);
      response.write(true, null, callback);
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    root =
        new RootHandler(
            "/files",
            null,
            new Slow(),
            new RunningRequests(),
            10,
            readiness,
            Request::getRemoteAddr,
            records::add);
    ServerConnector connector = new ServerConnector(jetty);
    connector.setHost("127.0.0.1");
    jetty.addConnector(connector);
    jetty.setHandler(root);
    jetty.start();
    origin = URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  @AfterEach
  void stop() throws Exception {
    goOn.countDown();
    jetty.stop();
  }

  private HttpResponse<String> get(String path) {
    return ServerClient.send(HttpRequest.newBuilder(origin.resolve(path)).build());
  }

  @Test
  void whatRunsEndsAndWhatIsNewIsRefused() throws Exception {
    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> get("/slow"));
    assertThat(began.await(60, TimeUnit.SECONDS)).isTrue();
    readiness.stop();
    CompletableFuture<Void> ended = root.refuseNewRequests();
    HttpResponse<String> refused = get("/new");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Connection")).contains("close");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(ServerClient.message(refused)).isEqualTo("The server is stopping. Try again");
    HttpResponse<String> ready = get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.headers().firstValue("Connection")).contains("close");
    assertThat(ready.body())
        .isEqualTo("{\"status\":\"down\",\"reason\":\"The server is stopping\"}");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(ended).isNotDone();
    goOn.countDown();
    assertThat(running.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    ended.get(60, TimeUnit.SECONDS);
    assertThat(records).hasSize(4);
  }

  @Test
  void withoutItsDatabaseItIsAliveAndNotReady() {
    assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"up\"}");
    database.set(false);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body())
        .isEqualTo("{\"status\":\"down\",\"reason\":\"The database cannot be reached\"}");
    assertThat(get("/health/live").body()).isEqualTo("{\"status\":\"up\"}");
  }
}
