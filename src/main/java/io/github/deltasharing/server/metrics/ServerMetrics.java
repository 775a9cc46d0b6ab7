/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.metrics;

import io.github.deltasharing.server.http.AccessRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * What is measured, in Prometheus' text format. Labels have names of this program's own alone, such
 * as endpoints and error codes: nothing that a client wrote is one, and no table, recipient or
 * path. Safe for use by several threads; the server closes it.
 */
public final class ServerMetrics implements Consumer<AccessRecord>, AutoCloseable {
  private static final String PUBLICATION = "adminCreatePublication";

  private static final Duration[] BUCKETS =
      LongStream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  /** Measures the JVM, and whatever is passed to it. */
  public ServerMetrics(String version) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collector.bindTo(registry);
    // Micrometer takes the end of such a name away.
    Info.builder()
        .name("sharing_build_info")
        .help("The version of this server, and 1")
        .labelNames("version")
        .register(registry.getPrometheusRegistry())
        .addLabelValues(version);
  }

  /** What other parts measure themselves with. */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Has a number that goes up and down.
   *
   * @param labels names and values, in turn
   */
  public void gauge(String name, String help, Supplier<Number> value, String... labels) {
    Gauge.builder(name, value).description(help).tags(labels).register(registry);
  }

  /** Has a number that only goes up. */
  public void counter(String name, String help, Supplier<Number> value, String... labels) {
    // The supplier is the object that the registry must not lose, so the function keeps it.
    FunctionCounter.builder(name, value, any -> value.get().doubleValue())
        .description(help)
        .tags(labels)
        .register(registry);
  }

  @Override
  public void accept(AccessRecord access) {
    Tags endpoint = Tags.of("endpoint", access.endpoint());
    Timer.builder("sharing.requests")
        .description("Requests, from their arrival until the last of the response left")
        .tags(endpoint.and("status", access.status() / 100 + "xx"))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(Duration.ofMillis(Math.max(0, access.durationMillis())));
    add("sharing.response.bytes", "Bytes of bodies that were sent", endpoint, access.bytes());
    if (access.files() >= 0) {
      add("sharing.response.files", "Files that responses listed", endpoint, access.files());
    }
    if (access.skippedFiles() >= 0) {
      add(
          "sharing.skipped.files",
          "Files that hints kept out of responses",
          endpoint,
          access.skippedFiles());
    }
    if (!access.errorCode().isEmpty()) {
      add("sharing.errors", "Refused requests", Tags.of("code", access.errorCode()), 1);
    }
    if (!access.cut().isEmpty()) {
      add("sharing.cut", "Responses that ended early", Tags.of("reason", access.cut()), 1);
    }
    if (access.endpoint().equals(PUBLICATION)) {
      String result =
          access.status() == 201 ? "published" : access.status() == 200 ? "previewed" : "failed";
      add("sharing.publications", "Files sent to be tables", Tags.of("result", result), 1);
    }
  }

  private void add(String name, String help, Tags tags, long amount) {
    Counter.builder(name).description(help).tags(tags).register(registry).increment(amount);
  }

  /** All that is measured, as text. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
