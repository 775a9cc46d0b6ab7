/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.io.FileIO;

/** A snapshot as if it had some of its manifests alone. Immutable. */
record ManifestSubset(Snapshot whole, List<ManifestFile> data, List<ManifestFile> deletes)
    implements Snapshot {
  private static final long serialVersionUID = 1L;

  @Override
  public long sequenceNumber() {
    return whole.sequenceNumber();
  }

  @Override
  public long snapshotId() {
    return whole.snapshotId();
  }

  @Override
  public Long parentId() {
    return whole.parentId();
  }

  @Override
  public long timestampMillis() {
    return whole.timestampMillis();
  }

  @Override
  public List<ManifestFile> allManifests(FileIO io) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ManifestFile> dataManifests(FileIO io) {
    return data;
  }

  @Override
  public List<ManifestFile> deleteManifests(FileIO io) {
    return deletes;
  }

  @Override
  public String operation() {
    return whole.operation();
  }

  @Override
  public Map<String, String> summary() {
    return whole.summary();
  }

  @Override
  public Iterable<DataFile> addedDataFiles(FileIO io) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<DataFile> removedDataFiles(FileIO io) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String manifestListLocation() {
    return whole.manifestListLocation();
  }
}
