/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import io.github.deltasharing.server.config.CatalogConfig;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SessionCatalog.SessionContext;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.rest.RESTSessionCatalog;

/** The tables of a catalog that Iceberg's library has a client of: opened when one is asked for. */
final class LibraryTables implements CatalogClient {
  /** A catalog, and what is closed with it. */
  private record Open(Catalog catalog, Closeable closing) {}

  private final Supplier<Open> opening;
  private Open open;

  private LibraryTables(Supplier<Open> opening) {
    this.opening = opening;
  }

  /** One that speaks Iceberg's REST protocol. It reads no file, whatever the service says. */
  static LibraryTables rest(CatalogConfig config) {
    return new LibraryTables(
        () -> {
          RESTSessionCatalog catalog =
              new RESTSessionCatalog(CatalogHttp::new, (context, properties) -> new NoFiles());
          catalog.initialize(config.name(), config.properties());
          return new Open(catalog.asCatalog(SessionContext.createEmpty()), catalog);
        });
  }

  /** One of a class, which reads tables' metadata by means of its own. */
  static LibraryTables ofClass(CatalogConfig config) {
    return new LibraryTables(
        () -> {
          Catalog catalog =
              CatalogUtil.loadCatalog(
                  config.type(), config.name(), config.properties(), new Configuration());
          return new Open(catalog, catalog instanceof Closeable closing ? closing : () -> {});
        });
  }

  @Override
  public Optional<String> metadata(List<String> namespace, String name) {
    try {
      Table table =
          catalog()
              .loadTable(TableIdentifier.of(Namespace.of(namespace.toArray(String[]::new)), name));
      // What the library makes of a table's metadata, such as 'files' of it, is no table.
      return table instanceof BaseTable base
          ? Optional.ofNullable(base.operations().current().metadataFileLocation())
          : Optional.empty();
    } catch (NoSuchTableException | NoSuchNamespaceException e) {
      return Optional.empty();
    }
  }

  private synchronized Catalog catalog() {
    if (open == null) {
      open = opening.get();
    }
    return open.catalog();
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      try {
        open.closing().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Tables' files are read by the server's own stores alone. */
  private static final class NoFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    @Override
    public InputFile newInputFile(String path) {
      throw new UnsupportedOperationException("a catalog's client reads no files");
    }

    @Override
    public OutputFile newOutputFile(String path) {
      throw new UnsupportedOperationException("a catalog's client writes no files");
    }

    @Override
    public void deleteFile(String path) {
      throw new UnsupportedOperationException("a catalog's client deletes no files");
    }
  }
}
