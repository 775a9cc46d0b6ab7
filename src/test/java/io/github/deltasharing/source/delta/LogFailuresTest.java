/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.exceptions.KernelEngineException;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.server.storage.LocalStorage;
import io.github.deltasharing.source.SourceException;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a log's reading failed with: worth another try or not. */
@Tag("unit")
class LogFailuresTest {
  /** A disk may answer the next time. */
  @Test
  void aDiskThatFailsIsToBeTriedAgain() {
    SharedTable shared =
        new SharedTable("Retail", "c", "t", URI.create("file:///nowhere"), "", true, 0);
    DeltaTable table =
        new DeltaTable(shared.fullName(), shared.location(), new LocalStorage(shared, null));
    RuntimeException failure = new KernelEngineException("list", new IOException("I/O error"));
    assertThat(LogFailures.of(table, failure)).isSameAs(failure);
    assertThat(LogFailures.of(table, new IllegalStateException("odd")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("cannot be replayed");
  }
}
