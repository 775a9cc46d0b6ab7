/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.deltasharing.protocol.codec.UntrustedJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;

/** Reads a file of a table's metadata, up to a size. Stateless. */
final class MetadataJson {
  /** The longest text: some ten thousand snapshots. */
  static final int LONGEST = 64 << 20;

  private MetadataJson() {}

  /**
   * Reads a file.
   *
   * @param path below the table's directory
   */
  static TableMetadata read(IcebergTable table, String path) {
    return TableMetadataParser.fromJson(path, text(table, path).json());
  }

  /**
   * What is in a file.
   *
   * @param bytes of its text, unpacked
   */
  record Text(JsonNode json, int bytes) {}

  /** Reads a file as JSON. */
  static Text text(IcebergTable table, String path) {
    byte[] text;
    try (InputStream in = table.storage().open(path);
        InputStream plain = path.contains(".gz") ? new GZIPInputStream(in) : in) {
      text = plain.readNBytes(LONGEST + 1);
    } catch (java.io.FileNotFoundException e) {
      throw new NotFoundException(e, "%s is not there", path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (text.length > LONGEST) {
      throw table.unsupported(
          "its metadata has more than the %d MiB that are read. Have old snapshots expired"
              .formatted(LONGEST >> 20));
    }
    try {
      return new Text(UntrustedJson.MAPPER.readTree(text), text.length);
    } catch (IOException e) {
      throw table.unsupported("its metadata is " + UntrustedJson.problem(e));
    }
  }
}
