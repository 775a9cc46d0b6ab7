package io.github.deltasharing.read;

import io.github.deltasharing.storage.UrlRefresher;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What an executor asks the driver for: URLs of a file. Immutable.
 *
 * <p>It travels as bytes. Spark's RPC on executors was started before a jar given by {@code --jars}
 * was there, so it cannot load a class of ours; and it logs what it cannot deliver, where an array
 * of bytes tells nothing.
 *
 * @param scan which scan, by the driver's name of it
 * @param fileId which of its files; null to ask whether the scan's table is still the same
 * @param generation the newest URLs that the executor knows; without a file, which run asks
 * @param renewAt when these are due, by the driver's clock; {@link UrlRefresher#REFUSED} where a
 *     store refused them
 */
public record UrlAsk(String scan, String fileId, long generation, long renewAt) {
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(scan);
      WireText.write(out, fileId);
      out.writeLong(generation);
      out.writeLong(renewAt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static UrlAsk of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return new UrlAsk(in.readUTF(), WireText.read(in), in.readLong(), in.readLong());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
