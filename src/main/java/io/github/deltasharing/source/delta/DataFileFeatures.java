/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reader features that say what is inside of data files, and nothing of how the log is read. Kernel
 * refuses tables with those that it does not know, though a server never opens a data file. So
 * Kernel gets the protocol without them among the reader features; among the writer features, where
 * every one of them is named too, they stay, and clients get them back from there. Stateless.
 */
final class DataFileFeatures {
  /** Not {@code variantType-preview}, which Kernel knows. */
  private static final Set<String> NAMES =
      Set.of("variantType", "variantShredding", "variantShredding-preview");

  private DataFileFeatures() {}

  /** Makes a protocol action of a commit one that Kernel takes. */
  static void prepare(ObjectNode protocol) {
    List<String> writer = texts(protocol.path("writerFeatures"));
    List<String> reader = texts(protocol.path("readerFeatures"));
    if (reader.stream().anyMatch(name -> isHidden(name, writer))) {
      protocol.set(
          "readerFeatures",
          protocol.arrayNode().addAll(nodes(protocol, forKernel(reader, writer))));
    }
  }

  /** The reader features for Kernel. */
  static List<String> forKernel(Collection<String> reader, Collection<String> writer) {
    return reader.stream().filter(name -> !isHidden(name, writer)).toList();
  }

  /** The reader features as the table's log has them, but for their order. */
  static Set<String> original(Collection<String> forKernel, Collection<String> writer) {
    Set<String> all = new LinkedHashSet<>(forKernel);
    writer.stream().filter(NAMES::contains).forEach(all::add);
    return all;
  }

  private static boolean isHidden(String feature, Collection<String> writer) {
    return NAMES.contains(feature) && writer.contains(feature);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static List<JsonNode> nodes(ObjectNode parent, List<String> texts) {
    return texts.stream().<JsonNode>map(parent::textNode).toList();
  }
}
