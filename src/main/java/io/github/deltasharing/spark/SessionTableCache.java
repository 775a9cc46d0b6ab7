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
 * is found by its shape. Driver only; as thread-safe as the cache.
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
    boolean lookup = method.getName().equals("get") || method.getName().equals("getIfPresent");
    if (lookup) {
      // The relation with which a session's cache came under guard got in before.
      drop(arguments[0], call(getIfPresent, arguments[0]));
    } else if (method.getName().equals("put") && isShared(arguments[1])) {
      return null;
    }
    Object result = call(method, arguments);
    if (lookup) {
      drop(arguments[0], result);
    }
    return result;
  }

  private void drop(Object key, Object relation) throws Throwable {
    if (isShared(relation)) {
      call(invalidate, key);
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
}
