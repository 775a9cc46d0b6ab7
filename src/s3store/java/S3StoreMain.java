/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3Exception;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientStorageStrategy;
import org.jclouds.blobstore.config.LocalBlobStore;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.options.ListContainerOptions;

/**
 * An S3 store in memory that checks signatures, for tests: s3proxy with as many keys as its parent
 * asks for, each of which reaches the buckets that it was made for. It runs in a JVM of its own, by
 * Java's source launcher, as s3proxy's libraries are others than Spark's; {@code testing.S3Store}
 * starts it. Its commands are lines on standard input, with tabs between words; each is answered by
 * a line. It ends when its input does, as when its parent is killed.
 */
public final class S3StoreMain {
  /** A key's secret, and the buckets that it reaches. */
  private record Key(String secret, List<String> buckets) {}

  private final Map<String, Key> keys = new ConcurrentHashMap<>();
  private final BlobStore blobs =
      ContextBuilder.newBuilder("transient")
          .build(BlobStoreContext.class)
          .utils()
          .injector()
          .getInstance(LocalBlobStore.class);
  private final Map<String, Map<String, Blob>> stored = stored(blobs);

  private S3StoreMain() {}

  /** By bucket and key, the objects themselves: what it gives out are copies. */
  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Blob>> stored(BlobStore blobs) {
    try {
      Field strategy = LocalBlobStore.class.getDeclaredField("storageStrategy");
      strategy.setAccessible(true);
      Field objects = TransientStorageStrategy.class.getDeclaredField("containerToBlobs");
      objects.setAccessible(true);
      return (Map<String, Map<String, Blob>>) objects.get(strategy.get(blobs));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it and prints its port. */
  public static void main(String[] arguments) throws Exception {
    new S3StoreMain().run();
    System.exit(0);
  }

  private void run() throws Exception {
    Properties properties = new Properties();
    properties.put("s3proxy.endpoint", "http://127.0.0.1:0");
    properties.put("s3proxy.authorization", "aws-v2-or-v4");
    properties.put("s3proxy.identity", "nobody");
    properties.put("s3proxy.credential", Long.toHexString(Double.doubleToLongBits(Math.random())));
    properties.put("s3proxy.ignore-unknown-headers", "true");
    S3Proxy proxy = S3Proxy.Builder.fromProperties(properties).blobStore(blobs).build();
    proxy.setBlobStoreLocator((identity, bucket, object) -> locate(identity, bucket));
    proxy.start();
    while (!proxy.getState().equals("STARTED")) {
      Thread.sleep(10);
    }
    System.out.println("> port " + proxy.getPort());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = "> ok " + command(line.split("\t"));
      } catch (Exception e) {
        answer = "> failed " + e;
      }
      System.out.println(answer.replace('\n', ' '));
    }
  }

  private String command(String[] words) throws IOException {
    switch (words[0]) {
      case "bucket" -> blobs.createContainerInLocation(null, words[1]);
      case "key" -> keys.put(words[1], new Key(words[2], List.of(words).subList(3, words.length)));
      case "revoke" -> keys.remove(words[1]);
      case "copy" -> {
        return Integer.toString(copy(words[1], words[2], Path.of(words[3])));
      }
      case "list" -> {
        return String.join(
            "\t",
            stored.get(words[1]).keySet().stream()
                .filter(key -> key.startsWith(words.length > 2 ? words[2] : ""))
                .sorted()
                .toList());
      }
      case "delete" ->
          blobs.clearContainer(words[1], ListContainerOptions.Builder.prefix(words[2]).recursive());
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "";
  }

  /** An unknown key has no store, which s3proxy answers with InvalidAccessKeyId. */
  private Map.Entry<String, BlobStore> locate(String identity, String bucket) {
    Key key = identity == null ? null : keys.get(identity);
    if (key == null) {
      return null;
    }
    if (bucket != null && !key.buckets().contains(bucket)) {
      S3StoreMain.<RuntimeException>refuse();
    }
    return Map.entry(key.secret(), blobs);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void refuse() throws E {
    try {
      Constructor<S3Exception> constructor =
          S3Exception.class.getDeclaredConstructor(S3ErrorCode.class);
      constructor.setAccessible(true);
      throw (E) constructor.newInstance(S3ErrorCode.ACCESS_DENIED);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With their times, which Delta Lake takes for those of commits. */
  private int copy(String bucket, String prefix, Path from) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      List<Path> files =
          walk.filter(Files::isRegularFile).filter(file -> !isChecksum(file)).toList();
      for (Path file : files) {
        String key = prefix + from.relativize(file).toString().replace('\\', '/');
        byte[] bytes = Files.readAllBytes(file);
        blobs.putBlob(
            bucket, blobs.blobBuilder(key).payload(bytes).contentLength(bytes.length).build());
        stored
            .get(bucket)
            .get(key)
            .getMetadata()
            .setLastModified(new Date(Files.getLastModifiedTime(file).toMillis()));
      }
      return files.size();
    }
  }

  /** What Hadoop writes beside each local file. */
  private static boolean isChecksum(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(".crc");
  }
}
