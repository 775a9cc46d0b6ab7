/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.ChangesResult;
import io.github.deltasharing.client.TableMetadata;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.source.ChangeVisitor;
import io.github.deltasharing.source.ChangedFile;
import java.util.ArrayList;
import java.util.List;

/** Collects the changes of a range of commits. Used by one thread. */
final class DirectoryChanges implements ChangeVisitor {
  private final DirectoryFiles signed;
  private final boolean withProtocols;
  private final TableAccess access;
  private final List<Protocol> protocols = new ArrayList<>();
  private final List<Metadata> metadata = new ArrayList<>();
  private final List<ChangeFile> files = new ArrayList<>();

  DirectoryChanges(DirectoryFiles signed, ResponseFormat format, TableAccess access) {
    this.signed = signed;
    // The other format has no words for it.
    this.withProtocols = format == ResponseFormat.DELTA;
    this.access = access;
  }

  @Override
  public void protocol(Protocol protocol, long version) {
    if (withProtocols) {
      protocols.add(protocol.ofVersion(version));
    }
  }

  @Override
  public void metadata(Metadata later, long version) {
    metadata.add(later.served(version, null, null, access));
  }

  @Override
  public boolean file(ChangedFile file, int position) {
    files.add(signed.ofCommit(file));
    return true;
  }

  ChangesResult result(TableMetadata table) {
    return new ChangesResult(table, protocols, metadata, files, signed.firstExpiry(), 1);
  }
}
