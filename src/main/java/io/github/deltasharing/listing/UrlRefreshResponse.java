/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.listing;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.storage.SignedUrl;
import io.github.deltasharing.storage.url.RefreshedUrls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The driver's response to an executor: URLs of a file, that those it has are not due, or why there
 * are none; and what time it is, for URLs expire by the driver's clock. Immutable; travels as
 * bytes, as {@link UrlRefreshRequest} does. Of a failure only the text travels: an exception would
 * bring classes along, and causes that are not the executor's business.
 */
final class UrlRefreshResponse {
  private final RefreshedUrls urls;
  private final String failure;
  private final long now;

  private UrlRefreshResponse(RefreshedUrls urls, String failure, long now) {
    this.now = now;
    this.urls = urls;
    this.failure = failure;
  }

  /**
   * @param urls null for those that the executor has, or where none were wanted
   * @param now the driver's time, epoch milliseconds
   */
  static UrlRefreshResponse of(RefreshedUrls urls, long now) {
    return new UrlRefreshResponse(urls, null, now);
  }

  /**
   * @param message for the user
   * @param now the driver's time, epoch milliseconds
   */
  static UrlRefreshResponse failed(String message, long now) {
    return new UrlRefreshResponse(null, message, now);
  }

  long now() {
    return now;
  }

  /**
   * The URLs; null for those that the executor has.
   *
   * @throws io.github.deltasharing.error.SharingException if the driver has none
   */
  RefreshedUrls urls() {
    if (failure != null) {
      throw FileErrors.fromDriver(failure);
    }
    return urls;
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(now);
      UrlRefreshRequest.writeText(out, failure);
      out.writeBoolean(urls != null);
      if (urls != null) {
        UrlRefreshRequest.writeText(out, urls.file().secret());
        UrlRefreshRequest.writeText(out, urls.vectors() == null ? null : urls.vectors().secret());
        out.writeLong(urls.refreshAt());
        out.writeLong(urls.generation());
        out.writeBoolean(urls.fresh());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static UrlRefreshResponse of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long now = in.readLong();
      String failure = UrlRefreshRequest.readText(in);
      if (!in.readBoolean()) {
        return new UrlRefreshResponse(null, failure, now);
      }
      SignedUrl file = new SignedUrl(UrlRefreshRequest.readText(in));
      String vectors = UrlRefreshRequest.readText(in);
      return of(
          new RefreshedUrls(
              file,
              vectors == null ? null : new SignedUrl(vectors),
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
    return "UrlRefreshResponse[" + (failure == null ? urls : failure) + "]";
  }
}
