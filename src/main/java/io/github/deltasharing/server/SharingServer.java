/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.server.api.RootHandler;
import io.github.deltasharing.server.audit.Audit;
import io.github.deltasharing.server.auth.Signer;
import io.github.deltasharing.server.auth.SigningKey;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ServerLimits;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.http.AccessLog;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.AdmissionControl;
import io.github.deltasharing.server.http.ConnectionWatch;
import io.github.deltasharing.server.http.JsonErrorHandler;
import io.github.deltasharing.server.http.RunningRequests;
import io.github.deltasharing.server.provider.ProviderSide;
import io.github.deltasharing.server.recipient.ClientAddress;
import io.github.deltasharing.server.reload.ReloadablePart;
import io.github.deltasharing.source.index.IndexCache;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
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
  private static final Duration WATCH_PAUSE = Duration.ofMillis(500);

  /** How long threads have to end once their connections were closed. */
  private static final Duration THREADS_STOP = Duration.ofSeconds(1);

  private final Server jetty;
  private final ServerConnector connector;
  private final RootHandler root;
  private final RunningRequests running;
  private final ConnectionWatch connections;
  private final ServedTables tables;
  private final ServerLimits limits;
  private final Optional<ProviderSide> provider;
  private final Audit audit;
  private final Operation operation;
  private final Duration stopDelay;
  private final URI uri;

  private SharingServer(
      Server jetty,
      ServerConnector connector,
      RootHandler root,
      RunningRequests running,
      ConnectionWatch connections,
      ServedTables tables,
      ServerLimits limits,
      Optional<ProviderSide> provider,
      Audit audit,
      Operation operation,
      Duration stopDelay,
      URI uri) {
    this.jetty = jetty;
    this.connector = connector;
    this.root = root;
    this.running = running;
    this.connections = connections;
    this.tables = tables;
    this.limits = limits;
    this.provider = provider;
    this.audit = audit;
    this.operation = operation;
    this.stopDelay = stopDelay;
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

  /** As above, with parts of one's own, but for those of a store if there is one. */
  static SharingServer start(
      ShareConfig config, Consumer<AccessRecord> observer, ServerParts parts) {
    ClientAddress addresses = new ClientAddress(config.trustedProxies());
    if (config.provider().isEmpty()) {
      return start(config, observer, parts, addresses, Optional.empty());
    }
    ProviderSide provider =
        ProviderSide.open(config, config.provider().get(), addresses, parts.clock());
    try {
      return start(
          config,
          observer,
          parts
              .withAuthenticator(provider.authenticator())
              .withShares(provider.shares())
              .withReloadable(provider),
          addresses,
          Optional.of(provider));
    } catch (RuntimeException e) {
      provider.close();
      throw e;
    }
  }

  private static SharingServer start(
      ShareConfig config,
      Consumer<AccessRecord> observer,
      ServerParts parts,
      ClientAddress addresses,
      Optional<ProviderSide> provider) {
    ServerLimits limits = parts.limits();
    Signer key =
        provider
            .map(ProviderSide::signer)
            .orElseGet(() -> config.signingKey().map(SigningKey::of).orElseGet(SigningKey::random));
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("sharing-server");
    threads.setDaemon(true);
    threads.setStopTimeout(THREADS_STOP.toMillis());
    Server jetty = new Server(threads);
    MainConnector main = MainConnector.of(jetty, config);
    ServerConnector connector = main.connector();
    jetty.addConnector(connector);
    List<ReloadablePart> reloadable = new ArrayList<>(List.of(parts.reloadable()));
    main.certificate().ifPresent(reloadable::add);
    Operation operation = new Operation(config, provider, addresses, reloadable, parts.clock());
    Audit audit = audit(config, provider, parts.clock());
    AccessLog log = new AccessLog(List.of(audit, operation.counting(observer)));
    RunningRequests running = new RunningRequests();
    AdmissionControl admission = new AdmissionControl(limits, threads);
    IndexCache indexes = new IndexCache(config.settings().fileListBytes());
    operation.measure(connector, threads, running, admission, indexes);
    ServedTables tables = ServedTables.open(config, key, indexes, parts.clock());
    RootHandler root =
        new ServerRoutes(config, parts, provider, operation, tables, admission, running, log)
            .root();
    jetty.setHandler(root);
    jetty.setErrorHandler(new JsonErrorHandler(log));
    try {
      operation.start(log);
      jetty.start();
    } catch (Exception e) {
      operation.close();
      stop(jetty);
      audit.close();
      tables.close();
      if (e instanceof ConfigException wrong) {
        throw wrong;
      }
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
    URI uri = main.uri(config);
    LOG.info("Serving {} shares on {}", config.shares().size(), uri);
    return new SharingServer(
        jetty,
        connector,
        root,
        running,
        connections,
        tables,
        limits,
        provider,
        audit,
        operation,
        Duration.ofSeconds(config.operation().stopDelaySeconds()),
        uri);
  }

  private static Audit audit(ShareConfig config, Optional<ProviderSide> provider, Clock clock) {
    return Audit.open(
        new Audit.Settings(
            config.auditLog(),
            config.settings().auditLogBytes(),
            config.settings().auditLogFiles(),
            Duration.ofDays(config.providerSettings().auditRetentionDays()),
            config.providerSettings().auditRetentionEvents()),
        provider.map(ProviderSide::database),
        provider.map(ProviderSide::recipientNames).orElse(id -> ""),
        clock);
  }

  /** Waits until the audit has kept the requests so far. */
  void flushAudit() throws InterruptedException {
    audit.flush();
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

  /** The port of the metrics' own, if there is one. */
  OptionalInt metricsPort() {
    return operation.metricsPort();
  }

  /**
   * Says that it is not ready, and goes on for the time that load balancers need to see it; an
   * interrupt ends that. Then stops listening, lets running requests end for some seconds, and ends
   * them. New requests on connections that are still open get a 503.
   */
  @Override
  public void close() {
    operation.readiness().stop();
    boolean interrupted = false;
    try {
      TimeUnit.NANOSECONDS.sleep(stopDelay.toNanos());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    stopServing();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopServing() {
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
    operation.close();
    audit.close();
    provider.ifPresent(ProviderSide::close);
    tables.close();
  }

  private static void stop(Server jetty) {
    try {
      jetty.stop();
    } catch (Exception e) {
      LOG.warn("The server did not stop cleanly", e);
    }
  }

  private static String rootMessage(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
