package io.github.deltasharing.listing;

import io.github.deltasharing.error.FileErrors;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.read.UrlAsk;
import io.github.deltasharing.read.UrlReply;
import io.github.deltasharing.storage.UrlRefresher;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The scans of this driver whose URLs can be renewed, by their ids. Holds them weakly: the reader
 * factories of plans and RDDs keep them. Thread-safe.
 */
public final class UrlRegistry {
  private static final UrlRegistry SHARED = new UrlRegistry();

  private final Map<String, WeakReference<SnapshotUrls>> scans = new ConcurrentHashMap<>();

  /** The registry of this driver. */
  public static UrlRegistry shared() {
    return SHARED;
  }

  /** Makes a scan's URLs known for as long as somebody holds them. */
  public void register(SnapshotUrls urls) {
    scans.values().removeIf(held -> held.get() == null);
    scans.putIfAbsent(urls.id(), new WeakReference<>(urls));
  }

  public int size() {
    return scans.size();
  }

  /** Answers an executor. Does not block; always completes with a reply. */
  CompletableFuture<UrlReply> answer(UrlAsk ask) {
    WeakReference<SnapshotUrls> held = scans.get(ask.scan());
    SnapshotUrls urls = held == null ? null : held.get();
    if (urls == null) {
      String gone =
          FileErrors.urlsNotRenewed(
                  ask.fileId() == null ? "a table" : "file " + ask.fileId(),
                  "its query is not known to the driver any more",
                  null)
              .getMessage();
      return CompletableFuture.completedFuture(UrlReply.failed(gone, System.currentTimeMillis()));
    }
    if (ask.fileId() == null) {
      return urls.confirmed(ask.generation())
          .handle(
              (ok, failure) ->
                  failure == null ? UrlReply.of(null, urls.now()) : failed(urls, failure));
    }
    return (ask.renewAt() == UrlRefresher.REFUSED
            ? urls.newer(ask.fileId(), ask.generation())
            : urls.ifDue(ask.fileId(), ask.generation(), ask.renewAt()))
        .handle(
            (found, failure) ->
                failure == null ? UrlReply.of(found, urls.now()) : failed(urls, failure));
  }

  private static UrlReply failed(SnapshotUrls urls, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return UrlReply.failed(
        cause instanceof SharingException
            ? cause.getMessage()
            : FileErrors.urlsNotRenewed(
                    urls.toString(), "the driver failed (" + cause.getClass().getName() + ")", null)
                .getMessage(),
        urls.now());
  }
}
