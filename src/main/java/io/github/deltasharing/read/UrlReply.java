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
 * What the driver tells an executor: URLs of a file, or why there are none. Immutable; travels as
 * bytes, as {@link UrlAsk} does. A failure is told by its text alone: an exception would bring
 * classes along, and causes that are not the executor's business.
 */
public final class UrlReply {
  private final RenewedUrls urls;
  private final String failure;

  private UrlReply(RenewedUrls urls, String failure) {
    this.urls = urls;
    this.failure = failure;
  }

  public static UrlReply of(RenewedUrls urls) {
    return new UrlReply(urls, null);
  }

  /** There is nothing to object to, and no URL was asked for. */
  public static UrlReply ofTable() {
    return new UrlReply(null, null);
  }

  /**
   * @param message for the user
   */
  public static UrlReply failed(String message) {
    return new UrlReply(null, message);
  }

  /**
   * The URLs.
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
      WireText.write(out, failure);
      if (failure == null) {
        out.writeBoolean(urls != null);
      }
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
      String failure = WireText.read(in);
      if (failure != null) {
        return failed(failure);
      }
      if (!in.readBoolean()) {
        return ofTable();
      }
      SignedUrl file = new SignedUrl(WireText.read(in));
      String deletions = WireText.read(in);
      return of(
          new RenewedUrls(
              file,
              deletions == null ? null : new SignedUrl(deletions),
              in.readLong(),
              in.readLong(),
              in.readBoolean()));
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
