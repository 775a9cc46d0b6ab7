/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import io.github.deltasharing.server.auth.BearerAuthenticator;
import io.github.deltasharing.server.auth.BearerHeader;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.TlsConfig;
import io.github.deltasharing.server.http.AccessRecord;
import io.github.deltasharing.server.http.AdmissionControl;
import io.github.deltasharing.server.http.PathRouter;
import io.github.deltasharing.server.http.Readiness;
import io.github.deltasharing.server.http.RunningRequests;
import io.github.deltasharing.server.metrics.MetricsHandler;
import io.github.deltasharing.server.metrics.MetricsListener;
import io.github.deltasharing.server.metrics.ServerMetrics;
import io.github.deltasharing.server.provider.ProviderSide;
import io.github.deltasharing.server.ratelimit.RateLimits;
import io.github.deltasharing.server.recipient.ClientAddress;
import io.github.deltasharing.server.reload.ConfigReloader;
import io.github.deltasharing.server.reload.ConfigWatch;
import io.github.deltasharing.server.reload.ReloadablePart;
import io.github.deltasharing.source.index.IndexCache;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What those who run a server need: metrics, readiness, limits on rates, another configuration
 * while it runs. Safe for use by several threads; the server closes it.
 */
final class Operation implements AutoCloseable {
  private final ShareConfig config;
  private final Optional<ProviderSide> provider;
  private final ClientAddress addresses;
  private final RateLimits rates;
  private final ServerMetrics metrics;
  private final Readiness readiness;
  private final ConfigReloader reloader;
  private Optional<MetricsListener> listener = Optional.empty();
  private Optional<ConfigWatch> watch = Optional.empty();

  /**
   * The operation of a server that is about to start.
   *
   * @param parts take another configuration
   */
  Operation(
      ShareConfig config,
      Optional<ProviderSide> provider,
      ClientAddress addresses,
      List<ReloadablePart> parts,
      Clock clock) {
    this.config = config;
    this.provider = provider;
    this.addresses = addresses;
    this.rates = new RateLimits(config.rateLimit(), addresses, clock);
    this.metrics = new ServerMetrics(version());
    this.readiness = new Readiness(() -> provider.map(ProviderSide::isDatabaseUp).orElse(true));
    List<ReloadablePart> all = new ArrayList<>(parts);
    all.add(
        next -> {
          ClientAddress.check(next.trustedProxies());
          return () -> {
            addresses.replace(next.trustedProxies());
            rates.replace(next.rateLimit());
          };
        });
    this.reloader = new ConfigReloader(config.source(), config, all, clock);
    measureOwn();
  }

  private static String version() {
    String version = Operation.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  ClientAddress addresses() {
    return addresses;
  }

  RateLimits rates() {
    return rates;
  }

  Readiness readiness() {
    return readiness;
  }

  ConfigReloader reloader() {
    return reloader;
  }

  /** Counts each request, before an observer gets it. */
  Consumer<AccessRecord> counting(Consumer<AccessRecord> observer) {
    return access -> {
      metrics.accept(access);
      observer.accept(access);
    };
  }

  /** Serves the metrics beside what another handler serves, if anybody may read them here. */
  Handler withMetrics(Handler others) {
    boolean shadowed = (config.endpoint() + "/").startsWith(MetricsHandler.PATH + "/");
    if (shadowed || (provider.isEmpty() && config.metrics().token().isEmpty())) {
      return others;
    }
    return new PathRouter(
        others, Map.of(MetricsHandler.PATH, new MetricsHandler(metrics, this::requireReader)));
  }

  /** Refuses who has neither the metrics' token nor one of the admin API's. */
  private void requireReader(Request request) {
    rates.signIn(
        request,
        () -> {
          String token = BearerHeader.require(request);
          if (!isMetricsToken(token)) {
            provider.orElseThrow(BearerHeader::refused).requirePrincipal(request);
          }
          return token;
        });
  }

  private boolean isMetricsToken(String token) {
    Optional<String> own = config.metrics().token();
    return own.isPresent() && new BearerAuthenticator(own).find(token).isPresent();
  }

  private void measureOwn() {
    String reloads = "Times that the configuration was read again";
    metrics.counter("sharing.config.reloads", reloads, reloader::taken, "result", "taken");
    metrics.counter("sharing.config.reloads", reloads, reloader::refused, "result", "refused");
    metrics.gauge(
        "sharing.config.last.reload.successful",
        "1 if the configuration was taken when it was read last",
        () -> reloader.isLastTaken() ? 1 : 0);
    metrics.gauge(
        "sharing.config.last.reload.success.timestamp.seconds",
        "When a configuration was taken last",
        () -> reloader.lastTime().getEpochSecond());
    String limited = "Requests that were refused because there were too many";
    metrics.counter("sharing.rate.limited", limited, rates::refusedRequests, "limit", "requests");
    metrics.counter("sharing.rate.limited", limited, rates::refusedSignIns, "limit", "sign-ins");
    provider.ifPresent(
        side -> {
          side.measure(metrics.registry());
          metrics.gauge(
              "sharing.database.up",
              "1 if the database could be reached a moment ago",
              () -> side.isDatabaseUp() ? 1 : 0);
        });
  }

  /** Measures the parts of a server. */
  void measure(
      ServerConnector connector,
      QueuedThreadPool threads,
      RunningRequests running,
      AdmissionControl admission,
      IndexCache files) {
    metrics.gauge(
        "sharing.connections", "Open connections", () -> connector.getConnectedEndPoints().size());
    metrics.gauge("sharing.threads.busy", "Threads that serve requests", threads::getBusyThreads);
    metrics.gauge("sharing.threads.max", "Threads that may serve requests", threads::getMaxThreads);
    metrics.gauge("sharing.running", "Requests that are served", running::count);
    measure("light", admission.light());
    measure("heavy", admission.heavy());
    String lookups = "Queries by whether their files were in memory";
    metrics.counter("sharing.file.list.lookups", lookups, files::hits, "result", "hit");
    metrics.counter("sharing.file.list.lookups", lookups, files::misses, "result", "miss");
    metrics.gauge("sharing.file.list.bytes", "Bytes of file lists in memory", files::usedBytes);
    metrics.gauge("sharing.file.list.budget.bytes", "Bytes that they may have", files::budgetBytes);
  }

  private void measure(String lane, AdmissionControl.Load load) {
    metrics.gauge(
        "sharing.admission.running", "Table requests that run", load::running, "lane", lane);
    metrics.gauge(
        "sharing.admission.waiting", "Table requests that wait", load::waiting, "lane", lane);
    metrics.counter(
        "sharing.admission.refused",
        "Table requests that were refused",
        load::refused,
        "lane",
        lane);
  }

  /**
   * Listens for those who read metrics, and looks at the configuration's file from now on.
   *
   * @param log gets a record of each request
   */
  void start(Consumer<AccessRecord> log) {
    if (config.metrics().port().isPresent()) {
      Consumer<Request> permission =
          config.metrics().token().isPresent() ? this::requireReader : request -> {};
      listener =
          Optional.of(
              MetricsListener.start(
                  config.metrics(), new MetricsHandler(metrics, permission), log));
    }
    int seconds = config.operation().configPollSeconds();
    if (config.source().isPresent() && seconds > 0) {
      ConfigWatch files =
          new ConfigWatch(watched(config.source().get().file(), config.tls()), reloader);
      files.start(seconds);
      watch = Optional.of(files);
    }
  }

  /** All files that a reload reads of those that were named at the start. */
  static List<Path> watched(Path file, Optional<TlsConfig> tls) {
    List<Path> files = new ArrayList<>(List.of(file));
    tls.flatMap(TlsConfig::certificateFile).ifPresent(files::add);
    tls.flatMap(TlsConfig::certificateKeyFile).ifPresent(files::add);
    tls.flatMap(TlsConfig::certificatePasswordFile).ifPresent(files::add);
    return files;
  }

  /** The port of the metrics' own, if there is one. */
  OptionalInt metricsPort() {
    return listener.map(own -> OptionalInt.of(own.port())).orElse(OptionalInt.empty());
  }

  @Override
  public void close() {
    watch.ifPresent(ConfigWatch::close);
    listener.ifPresent(MetricsListener::close);
    metrics.close();
  }
}
