package io.github.deltasharing.server.delta;

import io.delta.kernel.internal.util.VectorUtils;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.server.delta.TableSnapshot.TableSize;
import io.github.deltasharing.server.share.SharedTable;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Delta Kernel's actions as records of the wire. Stateless. */
public final class KernelActions {
  private KernelActions() {}

  /**
   * What a reader must be able to do.
   *
   * @param version the version to name, or null
   */
  public static Protocol protocol(
      io.delta.kernel.internal.actions.Protocol protocol, Long version) {
    return new Protocol(
        protocol.getMinReaderVersion(),
        protocol.getMinWriterVersion(),
        features(protocol.getReaderFeatures()),
        features(protocol.getWriterFeatures()),
        version);
  }

  /** Kernel has null for none. */
  private static Set<String> features(Collection<String> features) {
    return features == null ? Set.of() : new LinkedHashSet<>(features);
  }

  /**
   * A table's metadata.
   *
   * @param version the version to name, or null
   * @param size of the version, as far as it is wanted and known
   */
  public static Metadata metadata(
      io.delta.kernel.internal.actions.Metadata metadata, Long version, Optional<TableSize> size) {
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
        version,
        size.map(TableSize::bytes).orElse(null),
        size.map(TableSize::files).orElse(null),
        SharedTable.ACCESS_MODES);
  }
}
