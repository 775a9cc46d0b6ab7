/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import com.amazonaws.AmazonClientException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.AbortMultipartUploadRequest;
import com.amazonaws.services.s3.model.DeleteObjectsRequest;
import com.amazonaws.services.s3.model.DeleteObjectsRequest.KeyVersion;
import com.amazonaws.services.s3.model.ListMultipartUploadsRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.MultipartUpload;
import com.amazonaws.services.s3.model.MultipartUploadListing;
import com.amazonaws.services.s3.model.PartETag;
import com.amazonaws.services.s3.model.PutObjectRequest;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.apache.hadoop.fs.s3a.api.RequestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that write to a bucket, as the settings of S3A have them encrypted and owned. Safe for
 * use by several threads.
 *
 * @param requests makes them by the settings
 * @param partBytes above this length a file is uploaded in parts
 */
record S3Writer(String bucket, AmazonS3 client, RequestFactory requests, long partBytes) {
  private static final Logger LOG = LoggerFactory.getLogger(S3Writer.class);
  private static final int MOST_KEYS = 1000;

  /** A file from this machine's disk, never in memory as a whole. */
  void put(String key, File file) throws IOException {
    if (file.length() <= partBytes) {
      client.putObject(
          requests.newPutObjectRequest(key, requests.newObjectMetadata(file.length()), file));
      return;
    }
    String upload =
        client.initiateMultipartUpload(requests.newMultipartUploadRequest(key)).getUploadId();
    boolean done = false;
    try {
      List<PartETag> parts = new ArrayList<>();
      for (long start = 0; start < file.length(); start += partBytes) {
        int length = (int) Math.min(partBytes, file.length() - start);
        parts.add(
            client
                .uploadPart(
                    requests.newUploadPartRequest(
                        key, upload, parts.size() + 1, length, null, file, start))
                .getPartETag());
      }
      client.completeMultipartUpload(
          requests.newCompleteMultipartUploadRequest(key, upload, parts));
      done = true;
    } finally {
      if (!done) {
        abort(key, upload);
      }
    }
  }

  private void abort(String key, String upload) {
    try {
      client.abortMultipartUpload(new AbortMultipartUploadRequest(bucket, key, upload));
    } catch (AmazonClientException e) {
      LOG.warn("An upload to {} was not aborted; it is again within a day", bucket);
      LOG.debug("An upload was not aborted", e);
    }
  }

  /**
   * A few bytes.
   *
   * @param onlyIfNone whether the store is to refuse them, with 412, if there is an object
   */
  void put(String key, byte[] content, boolean onlyIfNone) {
    PutObjectRequest request =
        requests.newPutObjectRequest(
            key, requests.newObjectMetadata(content.length), new ByteArrayInputStream(content));
    request.getRequestClientOptions().setReadLimit(content.length + 1);
    if (onlyIfNone) {
      request.putCustomRequestHeader("If-None-Match", "*");
    }
    client.putObject(request);
  }

  /** All objects below a prefix, after a key. */
  List<S3ObjectSummary> list(String prefix, String after) {
    List<S3ObjectSummary> objects = new ArrayList<>();
    String page = null;
    do {
      ListObjectsV2Result found =
          client.listObjectsV2(
              new ListObjectsV2Request()
                  .withBucketName(bucket)
                  .withPrefix(prefix)
                  .withStartAfter(page == null ? after : null)
                  .withContinuationToken(page));
      objects.addAll(found.getObjectSummaries());
      page = found.getNextContinuationToken();
    } while (page != null);
    return objects;
  }

  void delete(List<String> keys) {
    for (int i = 0; i < keys.size(); i += MOST_KEYS) {
      List<KeyVersion> some =
          keys.subList(i, Math.min(keys.size(), i + MOST_KEYS)).stream()
              .map(KeyVersion::new)
              .toList();
      client.deleteObjects(new DeleteObjectsRequest(bucket).withKeys(some).withQuiet(true));
    }
  }

  /** Ends uploads in parts that were begun before a time. */
  void abortUploads(String prefix, Instant before) {
    ListMultipartUploadsRequest request =
        new ListMultipartUploadsRequest(bucket).withPrefix(prefix);
    MultipartUploadListing page;
    do {
      page = client.listMultipartUploads(request);
      for (MultipartUpload upload : page.getMultipartUploads()) {
        if (upload.getKey().startsWith(prefix) && upload.getInitiated().before(Date.from(before))) {
          abort(upload.getKey(), upload.getUploadId());
        }
      }
      request.setKeyMarker(page.getNextKeyMarker());
      request.setUploadIdMarker(page.getNextUploadIdMarker());
    } while (page.isTruncated());
  }
}
