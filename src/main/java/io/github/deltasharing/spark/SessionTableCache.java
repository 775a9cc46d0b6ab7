/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.spark;

import io.github.deltasharing.error.SharingErrors;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.execution.datasources.LogicalRelation;

/**
 * Stands before a session catalog's cache of relations and keeps relations of shared tables out of
 * it; all others pass. Spark keeps relations there by the table's name alone: a second read by the
 * same name would get the options of the first one, and so maybe another version, and a table's
 * columns would never change. No setting of a running session says that a source's relations are
 * not to be kept.
 *
 * <p>The cache is a private field of {@link SessionCatalog} whose type Spark's jars relocate, so it
 * is found by its shape. The load during which a session comes under guard is not guarded itself:
 * threads that wait for that very load share its relation. Driver only; as thread-safe as the
 * cache.
 */
final class SessionTableCache implements InvocationHandler {
  private final Object cache;
  private final Method getIfPresent;
  private final Method invalidate;

  private SessionTableCache(Class<?> type, Object cache) throws NoSuchMethodException {
    this.cache = cache;
    this.getIfPresent = type.getMethod("getIfPresent", Object.class);
    this.invalidate = type.getMethod("invalidate", Object.class);
  }

  /**
   * Puts one of these before the session's cache, once.
   *
   * @throws UnsupportedOperationException if this Spark has no such cache
   */
  static void guard(SparkSession session) {
    SessionCatalog catalog = session.sessionState().catalog();
    try {
      for (Field field : SessionCatalog.class.getDeclaredFields()) {
        if (field.getType().getName().endsWith(".cache.Cache")) {
          field.setAccessible(true);
          guard(catalog, field);
          return;
        }
      }
      throw new NoSuchFieldException(SessionCatalog.class.getName() + " has no cache of relations");
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw SharingErrors.sessionTableUnsupported(e);
    }
  }

  private static void guard(SessionCatalog catalog, Field field)
      throws ReflectiveOperationException {
    synchronized (catalog) {
      Object cache = field.get(catalog);
      boolean guarded =
          Proxy.isProxyClass(cache.getClass())
              && Proxy.getInvocationHandler(cache) instanceof SessionTableCache;
      if (!guarded) {
        Class<?> type = field.getType();
        field.set(
            catalog,
            Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new SessionTableCache(type, cache)));
      }
    }
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "get" -> load(method, arguments[0], (Callable<?>) arguments[1]);
      case "getIfPresent" -> present(arguments[0]);
      case "put" -> isShared(arguments[1]) ? null : call(method, arguments);
      default -> call(method, arguments);
    };
  }

  /** The relation with which a session's cache came under guard got in before. */
  private Object present(Object key) throws Throwable {
    Object relation = call(getIfPresent, key);
    if (isShared(relation)) {
      call(invalidate, key);
      return null;
    }
    return relation;
  }

  /**
   * The cache has one of several threads load a relation and gives it to all. For a shared table
   * that load is made to fail, so that it is kept nowhere and each thread gets one of its own.
   */
  private Object load(Method get, Object key, Callable<?> loader) throws Throwable {
    Object kept = present(key);
    if (kept != null) {
      return kept;
    }
    AtomicReference<Object> own = new AtomicReference<>();
    Callable<Object> guarded =
        () -> {
          Object relation = loader.call();
          if (isShared(relation)) {
            own.set(relation);
            throw new NotKept();
          }
          return relation;
        };
    Object loaded = null;
    try {
      loaded = call(get, key, guarded);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof NotKept)) {
        throw e;
      }
    }
    if (loaded != null && !isShared(loaded)) {
      return loaded;
    }
    // Another thread loaded it, maybe with other options.
    return own.get() == null ? loadAlone(loader) : own.get();
  }

  /** Fails as a load by the cache does, where the failure is a checked one. */
  private static Object loadAlone(Callable<?> loader) throws ExecutionException {
    try {
      return loader.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ExecutionException(e);
    }
  }

  private Object call(Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(cache, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean isShared(Object plan) {
    return plan instanceof LogicalRelation node && node.relation() instanceof SessionTableRelation;
  }

  /** Ends a load without a relation to keep. */
  private static final class NotKept extends Exception {
    private static final long serialVersionUID = 1L;

    NotKept() {
      super("relations of shared tables are not kept", null, false, false);
    }
  }
}
