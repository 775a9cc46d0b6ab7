/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonClientException;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.S3Object;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import io.github.deltasharing.presign.V4Signer;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.source.ListedFile;
import io.github.deltasharing.source.PositionedInput;
import io.github.deltasharing.source.StoreException;
import io.github.deltasharing.source.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A table in a bucket of S3 or of a store like it. Its URLs are presigned and lead to the store.
 * Looking at a file is one request, reading one is one (two where it is read in parts), listing is
 * one for a thousand names. Safe for use by several threads.
 */
public final class S3Storage implements SigningStorage {
  /** As logs spell what is here called {@code s3a}. */
  private static final Set<String> SCHEMES = Set.of("s3", "s3n", "s3a");

  private final SharedTable table;
  private final Supplier<S3Bucket> bucket;
  private final String root;
  private volatile Signatures signatures;

  /**
   * Creates the storage of a table; nothing is opened yet.
   *
   * @param bucket opens it when it is needed
   */
  S3Storage(SharedTable table, Supplier<S3Bucket> bucket) {
    this.table = table;
    this.bucket = bucket;
    String path = table.location().getPath();
    this.root = path.isEmpty() ? "" : path.substring(1) + "/";
  }

  @Override
  public Optional<StoredFile> find(String path) {
    try {
      ObjectMetadata found = bucket.get().head(root + path);
      return Optional.of(
          new StoredFile(
              found.getContentLength(),
              found.getLastModified().toInstant(),
              String.valueOf(found.getETag())));
    } catch (AmazonClientException e) {
      if (S3Failures.isMissing(e)) {
        return Optional.empty();
      }
      throw S3Failures.of(table, e);
    }
  }

  @Override
  public List<ListedFile> list(String directory, String from) {
    String prefix = root + (directory.isEmpty() ? "" : directory + "/");
    List<ListedFile> files = new ArrayList<>();
    try {
      String page = null;
      do {
        ListObjectsV2Result found = bucket.get().list(prefix, before(prefix, from), page);
        for (S3ObjectSummary object : found.getObjectSummaries()) {
          String name = object.getKey().substring(prefix.length());
          if (!name.isEmpty() && name.compareTo(from) >= 0) {
            files.add(new ListedFile(name, object.getSize(), object.getLastModified().toInstant()));
          }
        }
        page = found.getNextContinuationToken();
      } while (page != null);
    } catch (AmazonClientException e) {
      throw S3Failures.of(table, e);
    }
    // Stores sort by bytes.
    files.sort(Comparator.comparing(ListedFile::name));
    return files;
  }

  /**
   * A key before that of the first wanted name, and before few others: names come after it that
   * start with less than the wanted one's last character.
   */
  static String before(String prefix, String from) {
    if (from.isEmpty()) {
      return null;
    }
    char last = from.charAt(from.length() - 1);
    String start = prefix + from.substring(0, from.length() - 1);
    return last > ' ' && last < 0x7f ? start + (char) (last - 1) : start;
  }

  @Override
  public InputStream open(String path) throws IOException {
    try {
      S3Object object = bucket.get().get(root + path);
      return new S3Input(table, bucket.get(), object);
    } catch (AmazonClientException e) {
      throw missing(path, e);
    }
  }

  @Override
  public PositionedInput openAt(String path) throws IOException {
    try {
      ObjectMetadata found = bucket.get().head(root + path);
      return new S3Input(
          table, bucket.get(), root + path, found.getETag(), found.getContentLength());
    } catch (AmazonClientException e) {
      throw missing(path, e);
    }
  }

  private IOException missing(String path, AmazonClientException failure) {
    if (!S3Failures.isMissing(failure)) {
      throw S3Failures.of(table, failure);
    }
    FileNotFoundException missing = new FileNotFoundException(path + " is not there");
    missing.initCause(failure);
    return missing;
  }

  @Override
  public Optional<String> relativize(String absolute) {
    int colon = absolute.indexOf("://");
    String start = table.location().getAuthority() + "/" + root;
    return colon > 0
            && SCHEMES.contains(absolute.substring(0, colon))
            && absolute.startsWith(start, colon + 3)
        ? Optional.of(absolute.substring(colon + 3 + start.length()))
        : Optional.empty();
  }

  /** What the URLs of a response have in common is made once for each thread that signs them. */
  @Override
  public PresignedUrl sign(String path, UrlTerms terms) {
    Signatures current = signatures;
    try {
      if (current == null
          || !current.terms().equals(terms)
          || current.user() != Thread.currentThread()) {
        current =
            new Signatures(terms, Thread.currentThread(), bucket.get().signer(terms.expiry()));
        signatures = current;
      }
      return new PresignedUrl(current.signer().get(root + path), current.signer().expiry());
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      // Of the credential too: one that has ended, or that signs nothing.
      throw S3Failures.of(table, e);
    }
  }

  private record Signatures(UrlTerms terms, Thread user, V4Signer signer) {}
}
