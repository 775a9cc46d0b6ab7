/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.metrics;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.MetricsConfig;
import io.github.deltasharing.server.error.ServerError;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.JsonErrorHandler;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.QuietHttpConnectionFactory;
import io.github.deltasharing.server.http.RecordedResponse;
import io.github.deltasharing.server.http.RequestContext;
import io.github.deltasharing.server.http.RequestFailures;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port of the metrics' own, with threads of its own: it answers while the server is full. Plain
 * HTTP. Safe for use by several threads; the server closes it.
 */
public final class MetricsListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsListener.class);
  private static final int MOST_THREADS = 6;
  private static final int LEAST_THREADS = 1;
  private static final long IDLE_MILLIS = 30_000;

  private final Server jetty;
  private final ServerConnector connector;

  private MetricsListener(Server jetty, ServerConnector connector) {
    this.jetty = jetty;
    this.connector = connector;
  }

  /**
   * Listens.
   *
   * @param log gets a record of each request
   * @throws ConfigException when it cannot
   */
  public static MetricsListener start(
      MetricsConfig config, MetricsHandler metrics, Consumer<AccessRecord> log) {
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
    threads.setName("sharing-metrics");
    threads.setDaemon(true);
    Server jetty = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Else a token of other cases is taken for one that came before it on the same connection.
    http.setHeaderCacheCaseSensitive(true);
    ServerConnector connector =
        new ServerConnector(jetty, 1, 1, new QuietHttpConnectionFactory(http));
    connector.setHost(config.host());
    connector.setPort(config.port().orElseThrow());
    connector.setIdleTimeout(IDLE_MILLIS);
    jetty.addConnector(connector);
    jetty.setHandler(new Recorded(metrics, log));
    jetty.setErrorHandler(new JsonErrorHandler(log));
    MetricsListener listener = new MetricsListener(jetty, connector);
    try {
      jetty.start();
    } catch (Exception e) {
      listener.close();
      throw new ConfigException(
          "metrics: cannot listen on "
              + config.host()
              + ":"
              + config.port().getAsInt()
              + ": "
              + e.getMessage(),
          e);
    }
    LOG.info("Metrics are on http://{}:{}{}", config.host(), listener.port(), MetricsHandler.PATH);
    return listener;
  }

  /** The port that was bound. */
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      jetty.stop();
    } catch (Exception e) {
      LOG.warn("The port of the metrics was not closed cleanly", e);
    }
  }

  /** Gives each request its place in the access log. */
  private static final class Recorded extends Handler.Wrapper {
    private final Consumer<AccessRecord> log;

    Recorded(MetricsHandler metrics, Consumer<AccessRecord> log) {
      super(new PathRouter(new Nothing(), Map.of(MetricsHandler.PATH, metrics)));
      this.log = log;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      RequestContext context = RequestContext.start(request);
      response.getHeaders().put(RequestContext.REQUEST_ID, context.requestId());
      RecordedResponse recorded = new RecordedResponse(request, response, context, log);
      Request.addCompletionListener(
          request,
          failure -> {
            recorded.record(failure);
            context.over();
          });
      RequestFailures.guard(
          request, recorded, callback, () -> super.handle(request, recorded, callback));
      return true;
    }
  }

  private static final class Nothing extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      throw ServerError.notFound("This port has " + MetricsHandler.PATH + " only");
    }
  }
}
