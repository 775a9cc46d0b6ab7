/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.services.s3.model.S3Object;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A directory of a bucket. A file that must not replace another one is put with {@code
 * If-None-Match: *}; whatever the response is but success, what is there is read and compared,
 * since a request may have been done whose response was lost. Safe for use by several threads.
 */
final class S3Directory implements WrittenDirectory {
  /** As often a write is tried whose outcome is not known, each of which the client repeats. */
  private static final int ATTEMPTS = 3;

  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;

  private final URI location;
  private final String root;
  private final Supplier<S3Bucket> bucket;
  private boolean proved;

  S3Directory(URI location, Supplier<S3Bucket> bucket) {
    this.location = location;
    this.root = location.getPath().substring(1) + "/";
    this.bucket = bucket;
  }

  @Override
  public URI location() {
    return location;
  }

  @Override
  public void put(String path, Path file) throws IOException {
    try {
      bucket.get().writer().put(root + path, file.toFile());
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public void put(String path, byte[] content) {
    try {
      bucket.get().writer().put(root + path, content, false);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public boolean create(String path, byte[] content) throws IOException {
    RuntimeException unclear = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        bucket.get().writer().put(root + path, content, true);
        return true;
      } catch (StoreException e) {
        // The bucket was not opened.
        throw e;
      } catch (RuntimeException e) {
        // Of a response that the client cannot read, too.
        if (unclear == null && isRefused(e)) {
          throw failure(e);
        }
        // The store may have done what it does not say.
        Optional<Boolean> found = compare(path, content);
        if (found.isPresent()) {
          return found.get();
        }
        unclear = e;
      }
    }
    throw new UnclearWriteException(failure(unclear).getMessage(), unclear);
  }

  /** Whether nothing was written, as another try would show again. */
  private static boolean isRefused(RuntimeException failure) {
    return failure instanceof AmazonServiceException service
        && service.getStatusCode() / 100 == 4
        && service.getStatusCode() != PRECONDITION_FAILED
        && service.getStatusCode() != CONFLICT
        && service.getStatusCode() != 408
        && service.getStatusCode() != 429;
  }

  /** Whether a file has this content; empty if there is none, or nobody knows. */
  private Optional<Boolean> compare(String path, byte[] content) {
    try (S3Object object = bucket.get().get(root + path)) {
      return Optional.of(
          Arrays.equals(object.getObjectContent().readNBytes(content.length + 1), content));
    } catch (RuntimeException | IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<InputStream> open(String path) {
    try {
      return Optional.of(new Content(bucket.get().get(root + path)));
    } catch (RuntimeException e) {
      if (S3Failures.isMissing(e)) {
        return Optional.empty();
      }
      throw failure(e);
    }
  }

  @Override
  public List<ListedFile> list(String directory, String from) {
    String prefix = root + directory + "/";
    List<ListedFile> files = new ArrayList<>();
    try {
      for (S3ObjectSummary object :
          bucket.get().writer().list(prefix, S3Storage.before(prefix, from))) {
        String name = object.getKey().substring(prefix.length());
        if (name.compareTo(from) >= 0) {
          files.add(new ListedFile(name, object.getSize(), object.getLastModified().toInstant()));
        }
      }
    } catch (RuntimeException e) {
      throw failure(e);
    }
    return files;
  }

  @Override
  public void delete(Collection<String> paths) {
    try {
      bucket.get().writer().delete(paths.stream().map(path -> root + path).toList());
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public void abortUploads(Instant before) {
    try {
      bucket.get().writer().abortUploads(root, before);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /** Puts a file twice: the second time the store has to refuse it. */
  @Override
  public synchronized void requireCreate() throws IOException {
    if (proved) {
      return;
    }
    String path = ".probe-" + UUID.randomUUID();
    boolean honoured;
    try {
      honoured =
          create(path, "1".getBytes(StandardCharsets.US_ASCII))
              && !create(path, "2".getBytes(StandardCharsets.US_ASCII));
    } catch (UnclearWriteException e) {
      throw isUnknown(e.getCause())
          ? unfit(e)
          : S3Failures.writing(location, (RuntimeException) e.getCause());
    } catch (StoreException e) {
      throw isUnknown(e.getCause()) ? unfit(e) : e;
    }
    delete(List.of(path));
    if (!honoured) {
      throw unfit(null);
    }
    proved = true;
  }

  /** Whether a store says that it does not know the condition. */
  private static boolean isUnknown(Throwable failure) {
    return failure instanceof AmazonServiceException service
        && (service.getStatusCode() == 400 || service.getStatusCode() == 501)
        && Set.of("NotImplemented", "InvalidArgument", "InvalidRequest")
            .contains(String.valueOf(service.getErrorCode()));
  }

  private StoreException unfit(Exception cause) {
    return StoreException.refused(
        "Cannot publish to "
            + location
            + ": its store does not refuse to put an object that is there (If-None-Match: *), so"
            + " that two writers could overwrite each other's versions of a table. Give"
            + " publicationRoot a store that does, or a directory",
        cause);
  }

  private StoreException failure(RuntimeException failure) {
    return failure instanceof StoreException told ? told : S3Failures.writing(location, failure);
  }

  /** An object's content, whose failures have no more than their kind in them. */
  private final class Content extends FilterInputStream {
    private final S3Object object;

    Content(S3Object object) {
      super(object.getObjectContent());
      this.object = object;
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (RuntimeException e) {
        throw failure(e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (RuntimeException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() throws IOException {
      // What is left of it is not read for the sake of the connection.
      object.getObjectContent().abort();
      object.close();
    }
  }
}
