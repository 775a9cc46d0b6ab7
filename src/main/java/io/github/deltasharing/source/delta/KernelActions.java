/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import io.delta.kernel.internal.util.VectorUtils;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.TableAccess;
import io.github.deltasharing.source.kernel.KernelSchema;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Delta Kernel's actions as records of the wire. Stateless. */
final class KernelActions {
  private KernelActions() {}

  /** What a reader must be able to do. */
  static Protocol protocol(io.delta.kernel.internal.actions.Protocol protocol) {
    return new Protocol(
        protocol.getMinReaderVersion(),
        protocol.getMinWriterVersion(),
        DataFileFeatures.original(
            features(protocol.getReaderFeatures()), features(protocol.getWriterFeatures())),
        features(protocol.getWriterFeatures()),
        null);
  }

  /** Kernel has null for none. */
  private static Set<String> features(Collection<String> features) {
    return features == null ? Set.of() : new LinkedHashSet<>(features);
  }

  /** A table's metadata, without what only its server says of it. */
  static Metadata metadata(io.delta.kernel.internal.actions.Metadata metadata) {
    List<String> partitionColumns = VectorUtils.toJavaList(metadata.getPartitionColumns());
    return new Metadata(
        metadata.getId(),
        metadata.getName().orElse(null),
        metadata.getDescription().orElse(null),
        new Metadata.FileFormat(
            metadata.getFormat().getProvider(), metadata.getFormat().getOptions()),
        KernelSchema.original(metadata),
        partitionColumns,
        KernelSchema.configuration(metadata),
        metadata.getCreatedTime().orElse(null),
        null,
        null,
        null,
        TableAccess.UNSAID);
  }
}
