/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.compat;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;

/**
 * The catalogs of the active session. {@link CatalogManager} is a class up to Spark 4.1 and an
 * interface from 4.2 on: a call that is compiled for the one does not link on the other, so its
 * methods are found by name. Driver only; stateless.
 */
public final class SessionCatalogs {
  private final CatalogManager manager;

  private SessionCatalogs(CatalogManager manager) {
    this.manager = manager;
  }

  /** Those of the active session. */
  public static SessionCatalogs active() {
    return new SessionCatalogs(SparkSession.active().sessionState().catalogManager());
  }

  /** Whether the session has a catalog of this name. */
  public boolean isRegistered(String name) {
    return (boolean) call("isCatalogRegistered", name);
  }

  /** A catalog that is registered. */
  public CatalogPlugin catalog(String name) {
    return (CatalogPlugin) call("catalog", name);
  }

  /** The current catalog. */
  public CatalogPlugin current() {
    return (CatalogPlugin) call("currentCatalog");
  }

  /** The current namespace of the current catalog. */
  public String[] currentNamespace() {
    return (String[]) call("currentNamespace");
  }

  private Object call(String method, String... names) {
    Class<?>[] types = new Class<?>[names.length];
    Arrays.fill(types, String.class);
    try {
      return CatalogManager.class.getMethod(method, types).invoke(manager, (Object[]) names);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("CatalogManager." + method, e);
    }
  }
}
