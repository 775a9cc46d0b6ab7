/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes relations of shared tables out of the session catalog's cache of relations. Spark keeps
 * them there by the table's name alone: a second read by the same name with other options would get
 * the first one's version, and a table's columns would never change. Driver only; thread-safe.
 */
final class SessionTableCache {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTableCache.class);
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long LONGEST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private SessionTableCache() {}

  /**
   * Takes a relation out as soon as Spark has put it in. Spark does that right after the relation
   * was made, in the caller's thread and with no call to a source after it, so this waits for it
   * elsewhere.
   */
  static void removeSoon(SparkSession session, SessionTableRelation relation) {
    CompletableFuture.runAsync(
        () -> {
          long end = System.nanoTime() + WAIT_NANOS;
          for (long step = STEP_NANOS;
              !remove(session, relation) && System.nanoTime() < end;
              step = Math.min(2 * step, LONGEST_STEP_NANOS)) {
            LockSupport.parkNanos(step);
          }
        });
  }

  /** Takes a relation out; false where it is not in (yet). */
  static boolean remove(SparkSession session, SessionTableRelation relation) {
    Map<?, ?> relations = relations(session);
    return relations == null || relations.values().removeIf(plan -> holds(plan, relation));
  }

  private static boolean holds(Object plan, SessionTableRelation relation) {
    return plan instanceof LogicalRelation node && node.relation() == relation;
  }

  /**
   * The cache, by table; null where it cannot be reached. It is a private field of a type that
   * Spark's jars relocate, and so is found by its shape.
   */
  private static Map<?, ?> relations(SparkSession session) {
    try {
      SessionCatalog catalog = session.sessionState().catalog();
      for (Field field : SessionCatalog.class.getDeclaredFields()) {
        if (field.getType().getName().endsWith(".cache.Cache")) {
          field.setAccessible(true);
          return (Map<?, ?>) field.getType().getMethod("asMap").invoke(field.get(catalog));
        }
      }
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      LOG.debug("the session catalog's cache of relations cannot be reached", e);
    }
    return null;
  }
}
