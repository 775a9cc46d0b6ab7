/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.config.CatalogConfig;
import io.github.deltasharing.server.share.IcebergLocation;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.SourceException;
import io.github.deltasharing.source.StoreException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks catalogs that are reached over a network where tables' metadata is: by threads of its own,
 * up to a time. What goes wrong is said without the catalogs' own words, which may hold a secret.
 * Safe for use by several threads.
 */
final class Catalogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogs.class);

  private static final int THREADS = 8;
  private static final int WAITING = 200;
  private static final int IDLE_SECONDS = 10;
  private static final int LONGEST_SECONDS = 45;

  private final Map<String, CatalogClient> catalogs = new HashMap<>();
  private final ThreadPoolExecutor threads;

  Catalogs(List<CatalogConfig> configs) {
    for (CatalogConfig config : configs) {
      switch (config.type()) {
        case CatalogConfig.HADOOP -> {}
        case CatalogConfig.REST -> catalogs.put(config.name(), LibraryTables.rest(config));
        case CatalogConfig.JDBC ->
            catalogs.put(config.name(), new JdbcTables(config.name(), config.properties()));
        default -> catalogs.put(config.name(), LibraryTables.ofClass(config));
      }
    }
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "sharing-catalog-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** A table by its newest metadata, as its catalog has it. */
  IcebergLocation.AtPath find(
      SharedTable table, CatalogConfig config, IcebergLocation.InCatalog named) {
    String location =
        ask(table, config, named)
            .orElseThrow(
                () ->
                    SourceException.notFound(
                        "Cannot read %s: the catalog '%s' has no table %s.%s, or none any more. Tell the provider"
                            .formatted(
                                table.fullName(),
                                config.name(),
                                String.join(".", named.namespace()),
                                named.table()),
                        null));
    URI file =
        config
            .within(location)
            .orElseThrow(
                () ->
                    SourceException.unsupported(
                        ("Cannot read %s: the catalog '%s' has it outside of the locations that the server's configuration gives the"
                                + " catalog. Tell the provider")
                            .formatted(table.fullName(), config.name())));
    try {
      if (IcebergLocation.of(file).orElse(null) instanceof IcebergLocation.AtPath path) {
        return new IcebergLocation.AtPath(path.root(), path.file(), named.ref());
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("{} is not in a table's directory 'metadata'", file);
    }
    throw SourceException.unsupported(
        "Cannot read %s: its metadata is not in files <directory>/metadata/<name>.metadata.json. Such a table is not served"
            .formatted(table.fullName()));
  }

  private Optional<String> ask(
      SharedTable table, CatalogConfig config, IcebergLocation.InCatalog named) {
    CatalogClient catalog = catalogs.get(config.name());
    Future<Optional<String>> answer;
    try {
      answer = threads.submit(() -> catalog.metadata(named.namespace(), named.table()));
    } catch (RejectedExecutionException e) {
      throw unavailable(table, config, "too many requests wait for it", e);
    }
    try {
      return answer.get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failure(table, config, e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw unavailable(table, config, "it does not respond in time", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw unavailable(table, config, "the server is stopping", e);
    }
  }

  private static RuntimeException failure(
      SharedTable table, CatalogConfig config, Throwable failure) {
    List<String> kinds = new ArrayList<>();
    for (Throwable cause = failure; cause != null && kinds.size() < 8; cause = cause.getCause()) {
      kinds.add(JdbcTables.kind(cause));
      if (cause instanceof NotAuthorizedException || cause instanceof ForbiddenException) {
        LOG.warn("The catalog {} refuses the server: {}", config.name(), kinds);
        return StoreException.refused(
            "Cannot read %s: the catalog '%s' refuses the server's credentials. Tell the provider"
                .formatted(table.fullName(), config.name()),
            null);
      }
    }
    LOG.warn("The catalog {} cannot be read: {}", config.name(), kinds);
    return unavailable(table, config, "it cannot be read now", null);
  }

  /** Without a cause that has the catalog's words. */
  private static StoreException unavailable(
      SharedTable table, CatalogConfig config, String why, Exception cause) {
    return StoreException.unavailable(
        "Cannot read %s: it is in the catalog '%s', and %s. Try again later, or tell the provider"
            .formatted(table.fullName(), config.name(), why),
        cause);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    catalogs.forEach(
        (name, catalog) -> {
          try {
            catalog.close();
          } catch (RuntimeException e) {
            LOG.debug("The catalog {} was not closed: {}", name, e.getClass().getSimpleName());
          }
        });
  }
}
