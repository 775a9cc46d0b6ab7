/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.api.ApiHandler;
import io.github.deltasharing.server.api.Endpoints;
import io.github.deltasharing.server.api.RootHandler;
import io.github.deltasharing.server.auth.SigningKey;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.delta.DeltaSources;
import io.github.deltasharing.server.http.AccessLog;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.AdmissionControl;
import io.github.deltasharing.server.http.ConnectionWatch;
import io.github.deltasharing.server.http.JsonErrorHandler;
import io.github.deltasharing.server.http.QuietHttpConnectionFactory;
import io.github.deltasharing.server.http.RunningRequests;
import io.github.deltasharing.server.http.TlsContext;
import io.github.deltasharing.server.storage.FilesHandler;
import io.github.deltasharing.server.storage.LocalStorage;
import io.github.deltasharing.server.storage.LocalUrlSigner;
import io.github.deltasharing.server.storage.TableStorages;
import io.github.deltasharing.server.table.TableSources;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Delta Sharing server over local Delta tables, running in this process until it is closed:
 *
 * <pre>{@code
 * ShareConfig config =
 *     ShareConfig.builder().port(0).bearerToken(token).table("retail", "sales", "orders", dir).build();
 * try (SharingServer server = SharingServer.start(config)) {
 *   URI endpoint = server.uri();
 * }
 * }</pre>
 *
 * <p>Its threads are daemons. Safe for use by several threads; the caller of {@code start} closes
 * it.
 */
@PublicApi
public final class SharingServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharingServer.class);
  private static final String FILES = "/files";
  private static final Duration WATCH_PAUSE = Duration.ofMillis(500);

  /** How long threads have to end once their connections were closed. */
  private static final Duration THREADS_STOP = Duration.ofSeconds(1);

  private final Server jetty;
  private final ServerConnector connector;
  private final RootHandler root;
  private final RunningRequests running;
  private final ConnectionWatch connections;
  private final ServerLimits limits;
  private final URI uri;

  private SharingServer(
      Server jetty,
      ServerConnector connector,
      RootHandler root,
      RunningRequests running,
      ConnectionWatch connections,
      ServerLimits limits,
      URI uri) {
    this.jetty = jetty;
    this.connector = connector;
    this.root = root;
    this.running = running;
    this.connections = connections;
    this.limits = limits;
    this.uri = uri;
  }

  /**
   * Starts a server.
   *
   * @throws ConfigException when it cannot listen or its certificate cannot be read
   */
  public static SharingServer start(ShareConfig config) {
    return start(config, access -> {});
  }

  /**
   * Starts a server that passes each request to an observer, just before the end of its response is
   * sent, from the thread that serves it.
   *
   * @throws ConfigException when it cannot listen or its certificate cannot be read
   */
  public static SharingServer start(ShareConfig config, Consumer<AccessRecord> observer) {
    return start(config, observer, Clock.systemUTC());
  }

  /** As above, with a clock that decides what has expired. */
  static SharingServer start(ShareConfig config, Consumer<AccessRecord> observer, Clock clock) {
    return start(config, observer, ServerParts.of(config).withClock(clock));
  }

  /** As above, with limits of one's own. */
  static SharingServer start(
      ShareConfig config, Consumer<AccessRecord> observer, Clock clock, ServerLimits limits) {
    return start(config, observer, ServerParts.of(config).withClock(clock).withLimits(limits));
  }

  /** As above, with parts of one's own. */
  static SharingServer start(
      ShareConfig config, Consumer<AccessRecord> observer, ServerParts parts) {
    ServerLimits limits = parts.limits();
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("sharing-server");
    threads.setDaemon(true);
    threads.setStopTimeout(THREADS_STOP.toMillis());
    Server jetty = new Server(threads);
    ServerConnector connector = connector(jetty, config);
    jetty.addConnector(connector);
    AccessLog log = new AccessLog(observer);
    RunningRequests running = new RunningRequests();
    AdmissionControl admission = new AdmissionControl(limits, threads);
    RootHandler root = handler(config, parts, admission, running, log);
    jetty.setHandler(root);
    jetty.setErrorHandler(new JsonErrorHandler(log));
    try {
      jetty.start();
    } catch (Exception e) {
      stop(jetty);
      throw new ConfigException(
          "Cannot listen on " + config.host() + ":" + config.port() + ": " + rootMessage(e), e);
    }
    ConnectionWatch connections =
        new ConnectionWatch(connector, running, limits.idleConnection(), limits.connections());
    watch(
        jetty.getScheduler(),
        () -> {
          running.sweep();
          admission.sweep();
          connections.sweep();
        });
    URI uri = uri(config, connector);
    LOG.info("Serving {} shares on {}", config.shares().size(), uri);
    return new SharingServer(jetty, connector, root, running, connections, limits, uri);
  }

  /** Runs the sweep at intervals, until the scheduler stops. */
  private static void watch(Scheduler scheduler, Runnable sweep) {
    Runnable task =
        () -> {
          try {
            sweep.run();
          } catch (Throwable e) {
            LOG.warn("The check for slow requests failed", e);
          } finally {
            watch(scheduler, sweep);
          }
        };
    scheduler.schedule(task, WATCH_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The endpoint as a profile names it, with the port that was bound. */
  public URI uri() {
    return uri;
  }

  /**
   * Stops listening, lets running requests end for some seconds, then ends them. New requests on
   * connections that are still open get a 503.
   */
  @Override
  public void close() {
    CompletableFuture<Void> ended = root.refuseNewRequests();
    connector.shutdown();
    connector.close();
    connections.closeWaiting();
    try {
      ended.get(limits.stopTime().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("Stopping while requests are still served");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.cut();
    stop(jetty);
    running.record();
  }

  private static void stop(Server jetty) {
    try {
      jetty.stop();
    } catch (Exception e) {
      LOG.warn("The server did not stop cleanly", e);
    }
  }

  private static RootHandler handler(
      ShareConfig config,
      ServerParts parts,
      AdmissionControl admission,
      RunningRequests running,
      AccessLog log) {
    ServerLimits limits = parts.limits();
    String filesPath = config.endpoint() + FILES;
    SigningKey key = config.signingKey().map(SigningKey::of).orElseGet(SigningKey::random);
    LocalUrlSigner signer = new LocalUrlSigner(key, parts.clock(), filesPath);
    TableStorages storages = table -> new LocalStorage(table, signer);
    TableSources sources = new DeltaSources(storages, config.settings());
    ApiHandler api =
        new ApiHandler(
            config.endpoint(),
            parts.authenticator(),
            parts.shares(),
            limits,
            admission,
            Endpoints.of(sources, storages, config.settings(), limits, key, parts.clock()));
    FilesHandler files = new FilesHandler(parts.shares(), signer, limits);
    return new RootHandler(filesPath, files, api, running, limits.connections(), log);
  }

  private static ServerConnector connector(Server jetty, ShareConfig config) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    // Partition directories have literal '%' in their names. Paths are decoded here, once, segment
    // by segment, so an encoded '%' is not ambiguous to us.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with("sharing", UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    ServerConnector connector;
    if (config.tls().isPresent()) {
      http.addCustomizer(new SecureRequestCustomizer(false));
      connector =
          new ServerConnector(
              jetty,
              new SslConnectionFactory(
                  TlsContext.of(config.tls().get(), config.host()), "http/1.1"),
              new QuietHttpConnectionFactory(http));
    } else {
      connector = new ServerConnector(jetty, new QuietHttpConnectionFactory(http));
    }
    // While it stops, a response in the making may take its time.
    connector.setShutdownIdleTimeout(-1);
    connector.setHost(address(config.host()));
    connector.setPort(config.port());
    connector.setIdleTimeout(
        Duration.ofSeconds(config.settings().requestTimeoutSeconds()).toMillis());
    return connector;
  }

  /** {@code localhost} may also be ::1, which clients that try 127.0.0.1 do not find. */
  private static String address(String host) {
    return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host;
  }

  private static URI uri(ShareConfig config, ServerConnector connector) {
    String host = address(config.host());
    String authority = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create(
        (config.tls().isPresent() ? "https://" : "http://")
            + authority
            + ":"
            + connector.getLocalPort()
            + config.endpoint());
  }

  private static String rootMessage(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
