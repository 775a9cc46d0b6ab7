/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import io.github.deltasharing.client.TableCredential;
import io.github.deltasharing.directory.ListPage.StoredObject;
import io.github.deltasharing.error.DirectoryErrors;
import io.github.deltasharing.http.HttpResponse;
import io.github.deltasharing.presign.S3Credentials;
import io.github.deltasharing.presign.S3Presigner;
import io.github.deltasharing.presign.V4Signer;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.storage.url.StoreError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A location on S3, or on a store with its protocol: presigned URLs of Signature Version 4. Learns
 * the bucket's region from a refusal, once. Driver only; thread-safe.
 */
final class S3ObjectStore implements ObjectStore {
  /** What S3 allows; the credential ends sooner. */
  private static final Duration LONGEST = Duration.ofDays(7);

  private static final int MOST_TRIES = 3;

  /** A URL that ends so soon may have ended when the store saw it. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(5);

  /** With which stores refuse a credential that has ended. */
  private static final Set<String> ENDED =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "TokenRefreshRequired",
          "InvalidToken",
          "InvalidTokenId",
          "InvalidAccessKeyId");

  private final String table;
  private final StoreLocation location;
  private final ServerCredential credential;
  private final Clock clock;
  private volatile BucketPlace place;

  /**
   * @param table as messages name it
   */
  S3ObjectStore(
      String table,
      StoreLocation location,
      BucketPlace place,
      ServerCredential credential,
      Clock clock) {
    this.table = table;
    this.location = location;
    this.place = place;
    this.credential = credential;
    this.clock = clock;
  }

  @Override
  public StoreLocation location() {
    return location;
  }

  @Override
  public String host() {
    var endpoint = place.reached();
    return endpoint.host() + (endpoint.port() < 0 ? "" : ":" + endpoint.port());
  }

  @Override
  public String permissions() {
    return "s3:GetObject on "
        + location
        + "/* and s3:ListBucket on its bucket with the prefix "
        + location.path()
        + "/";
  }

  /** Signatures end at whole seconds: what is left of a credential may be too short for one. */
  private V4Signer v4() {
    long start = System.nanoTime();
    try {
      return v4(credential.current());
    } catch (IllegalStateException ended) {
      credential.renew(start);
    }
    try {
      return v4(credential.current());
    } catch (IllegalStateException ended) {
      throw DirectoryErrors.credentialEnded(table);
    }
  }

  private V4Signer v4(TableCredential now) {
    if (!(now.credential() instanceof S3Keys keys)) {
      throw DirectoryErrors.notByDirectory(
          table,
          "the sharing server gives a credential of another kind than before",
          "Run the query again.");
    }
    BucketPlace at = place;
    try {
      S3Credentials signing =
          new S3Credentials(
              keys.accessKeyId(),
              keys.secretAccessKey(),
              Optional.ofNullable(keys.sessionToken()),
              Optional.of(now.expires()));
      return new S3Presigner(signing, at.reached(), at.region(), location.bucket())
          .start(clock.instant(), LONGEST);
    } catch (IllegalArgumentException e) {
      throw DirectoryErrors.notByDirectory(
          table,
          "the sharing server's credential is none: " + e.getMessage(),
          "Tell the provider.");
    }
  }

  @Override
  public String list(String prefix, String after, String token, int most) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("list-type", "2");
    parameters.put("delimiter", "/");
    // Names stay as they are: asked to encode them, some stores encode the token as well, and find
    // nothing after it. Names in a log have nothing that XML cannot have.
    parameters.put("max-keys", String.valueOf(most));
    parameters.put("prefix", location.key(prefix));
    if (token != null) {
      parameters.put("continuation-token", token);
    } else if (after != null) {
      parameters.put("start-after", location.key(after));
    }
    return v4().sign("GET", "", parameters);
  }

  @Override
  public FileSigner signer() {
    V4Signer signer = v4();
    return new FileSigner() {
      @Override
      public String sign(String path) {
        if (!StoreLocation.isBelow(path)) {
          throw DirectoryErrors.fileElsewhere(table, "a path with empty parts or steps up");
        }
        return signer.get(location.key(path));
      }

      @Override
      public long expiry() {
        return signer.expiry().toEpochMilli();
      }
    };
  }

  @Override
  public boolean mayTryAgain(HttpResponse refusal, StoreError error, int tried, long signedAt) {
    if (tried >= MOST_TRIES) {
      return false;
    }
    String region = refusal.header("x-amz-bucket-region");
    BucketPlace now = place;
    if (region != null && !region.equals(now.region()) && tried == 0) {
      try {
        place = now.in(region);
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return (ENDED.contains(error.code()) || credential.endsBy(clock.instant().plus(ON_ITS_WAY)))
        && credential.renew(signedAt);
  }

  @Override
  public ListPage read(InputStream page) throws IOException {
    Listing listing = new Listing();
    try {
      XmlListing.read(page, listing);
      return listing.page();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new BadAnswerException("the store's listing has values that are none");
    }
  }

  /** A page as it is read. */
  private final class Listing implements XmlListing.Visitor {
    private static final String ROOT = "ListBucketResult/";
    private static final String OBJECT = ROOT + "Contents";

    private final Map<String, String> object = new HashMap<>();
    private final List<Map<String, String>> objects = new ArrayList<>();
    private boolean encoded;
    private boolean truncated;
    private String token;
    private boolean listed;

    @Override
    public void element(String path, String text) throws IOException {
      switch (path) {
        case "ListBucketResult" -> listed = true;
        case ROOT + "EncodingType" -> encoded = text.strip().equals("url");
        case ROOT + "IsTruncated" -> truncated = text.strip().equals("true");
        case ROOT + "NextContinuationToken" -> token = text;
        case OBJECT -> {
          objects.add(Map.copyOf(object));
          object.clear();
        }
        case OBJECT + "/Key", OBJECT + "/Size", OBJECT + "/LastModified", OBJECT + "/ETag" ->
            object.put(path.substring(OBJECT.length() + 1), text);
        default -> {}
      }
    }

    ListPage page() throws IOException {
      if (!listed || (truncated && (token == null || token.isEmpty()))) {
        throw new BadAnswerException("the store sent no listing, or one that does not go on");
      }
      List<StoredObject> read = new ArrayList<>(objects.size());
      String root = location.path().isEmpty() ? "" : location.path() + "/";
      for (Map<String, String> fields : objects) {
        String key = fields.getOrDefault("Key", "");
        String name = encoded ? URLDecoder.decode(key, StandardCharsets.UTF_8) : key;
        long size = Long.parseLong(fields.getOrDefault("Size", "").strip());
        if (size < 0) {
          throw new BadAnswerException("the store's listing has values that are none");
        }
        if (name.startsWith(root)) {
          read.add(
              new StoredObject(
                  name.substring(root.length()),
                  size,
                  time(fields.getOrDefault("LastModified", "").strip()),
                  fields.getOrDefault("ETag", "")));
        }
      }
      return new ListPage(read, truncated ? token : null);
    }

    private static Instant time(String text) {
      return OffsetDateTime.parse(text).toInstant();
    }
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "S3ObjectStore[" + location + "]";
  }
}
