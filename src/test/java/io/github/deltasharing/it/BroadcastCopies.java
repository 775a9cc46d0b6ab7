/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.it;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;

/**
 * Copies broadcasts while they are there: those of tasks are gone after their stage. Called by
 * Spark's own thread.
 */
final class BroadcastCopies extends SparkListener {
  private final Map<String, String> copies = new ConcurrentHashMap<>();

  /** What broadcasts are made of, as Latin-1, by their names. */
  Map<String, String> copies() {
    return copies;
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    BlockManager blocks = SparkEnv.get().blockManager();
    scala.collection.Iterator<BlockId> ids =
        blocks.getMatchingBlockIds(BlockId::isBroadcast).iterator();
    while (ids.hasNext()) {
      BlockId id = ids.next();
      if (id.name().contains("_piece") && !copies.containsKey(id.name())) {
        blocks
            .getLocalBytes(id)
            .foreach(
                block -> {
                  ByteBuffer buffer = block.toByteBuffer();
                  byte[] bytes = new byte[buffer.remaining()];
                  buffer.get(bytes);
                  blocks.releaseLock(id, scala.Option.empty());
                  return copies.put(id.name(), new String(bytes, StandardCharsets.ISO_8859_1));
                });
      }
    }
  }
}
