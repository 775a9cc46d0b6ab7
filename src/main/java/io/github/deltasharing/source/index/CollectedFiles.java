/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.TableFile;
import io.github.deltasharing.source.TableFileIterator;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a version, passed on as they are read; kept once the last was. Used by one thread,
 * which closes it.
 */
public final class CollectedFiles implements TableFileIterator {
  private static final Logger LOG = LoggerFactory.getLogger(CollectedFiles.class);

  private final TableFileIterator files;
  private final IndexBuild build;
  private final BooleanSupplier unchanged;

  /**
   * @param files all of the version's
   * @param unchanged whether the version is still the one that is built, asked at the end
   */
  public CollectedFiles(TableFileIterator files, IndexBuild build, BooleanSupplier unchanged) {
    this.files = files;
    this.build = build;
    this.unchanged = unchanged;
  }

  @Override
  public boolean hasNext() {
    boolean more = files.hasNext();
    if (!more) {
      keep();
    }
    return more;
  }

  /** A store that does not respond any more is no failure of a query that has read all. */
  private void keep() {
    try {
      if (unchanged.getAsBoolean()) {
        build.finish();
      }
    } catch (StoreException e) {
      LOG.debug("The files of version {} are not kept", build.key().version(), e);
      build.close();
    }
  }

  @Override
  public TableFile next() {
    TableFile file = files.next();
    build.add(file);
    return file;
  }

  @Override
  public void close() throws IOException {
    build.close();
    files.close();
  }
}
