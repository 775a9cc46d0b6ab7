package io.github.deltasharing.read;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.storage.RenewedUrls;
import io.github.deltasharing.storage.SignedUrl;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What the driver tells an executor: URLs of a file, that those it has are not due, or why there
 * are none; and what time it is, for URLs die by the driver's clock. Immutable; travels as bytes,
 * as {@link UrlAsk} does. A failure is told by its text alone: an exception would bring classes
 * along, and causes that are not the executor's business.
 */
public final class UrlReply {
  private final RenewedUrls urls;
  private final String failure;
  private final long now;

  private UrlReply(RenewedUrls urls, String failure, long now) {
    this.now = now;
    this.urls = urls;
    this.failure = failure;
  }

  /**
   * @param urls null for those that the executor has, or where none were asked for
   * @param now the driver's time, epoch milliseconds
   */
  public static UrlReply of(RenewedUrls urls, long now) {
    return new UrlReply(urls, null, now);
  }

  /**
   * @param message for the user
   * @param now the driver's time, epoch milliseconds
   */
  public static UrlReply failed(String message, long now) {
    return new UrlReply(null, message, now);
  }

  long now() {
    return now;
  }

  /**
   * The URLs; null for those that were asked about.
   *
   * @throws io.github.deltasharing.error.SharingException if the driver has none
   */
  RenewedUrls urls() {
    if (failure != null) {
      throw FileErrors.toldByDriver(failure);
    }
    return urls;
  }

  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(now);
      WireText.write(out, failure);
      out.writeBoolean(urls != null);
      if (urls != null) {
        WireText.write(out, urls.file().secret());
        WireText.write(out, urls.deletions() == null ? null : urls.deletions().secret());
        out.writeLong(urls.renewAt());
        out.writeLong(urls.generation());
        out.writeBoolean(urls.fresh());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static UrlReply of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long now = in.readLong();
      String failure = WireText.read(in);
      if (!in.readBoolean()) {
        return new UrlReply(null, failure, now);
      }
      SignedUrl file = new SignedUrl(WireText.read(in));
      String deletions = WireText.read(in);
      return of(
          new RenewedUrls(
              file,
              deletions == null ? null : new SignedUrl(deletions),
              in.readLong(),
              in.readLong(),
              in.readBoolean()),
          now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the URLs. */
  @Override
  public String toString() {
    return "UrlReply[" + (failure == null ? urls : failure) + "]";
  }
}
