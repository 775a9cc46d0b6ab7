/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An S3 store that nobody here wrote and that checks signatures: s3proxy, in a JVM of its own, its
 * objects in memory. One for all tests of this JVM, with which it ends; each test takes buckets and
 * keys of its own. A key reaches no bucket but those that it was made for. It takes any session
 * token: {@link S3Sessions} checks them. Path style only. Thread-safe.
 */
public final class S3Store {
  /** The region that it is signed for, though it takes any. */
  public static final String REGION = "us-east-1";

  private static final String ANSWER = "> ";
  private static final SecureRandom RANDOM = new SecureRandom();

  private static S3Store shared;

  private final Process process;
  private final BufferedReader answers;
  private final URI endpoint;

  /** What requests are signed with. */
  public record Key(String id, String secret) {
    /** Without the secret. */
    @Override
    public String toString() {
      return id;
    }
  }

  private S3Store() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A limit: tests take some MB of it, benchmarks most.
                "-Xmx2g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-DLOG_LEVEL=error",
                "-cp",
                jar().toString(),
                Path.of("src", "s3store", "java", "S3StoreMain.java").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Its end is that of its input too, if this JVM is killed.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    answers = process.inputReader(StandardCharsets.UTF_8);
    endpoint = URI.create("http://127.0.0.1:" + answer().substring("port ".length()));
  }

  /** The one store of this JVM, which the first call starts. */
  public static synchronized S3Store shared() {
    if (shared == null || !shared.process.isAlive()) {
      try {
        shared = new S3Store();
      } catch (IOException e) {
        throw new UncheckedIOException("the S3 store does not start", e);
      }
    }
    return shared;
  }

  /** As the build has copied it; where no build did, as Maven keeps it. */
  private static Path jar() throws IOException {
    Path copied = Path.of(System.getProperty("s3proxy.jars", "target/s3proxy"));
    Path kept =
        Path.of(System.getProperty("user.home"), ".m2", "repository", "org/gaul/s3proxy/2.9.0");
    for (Path directory : List.of(copied, kept)) {
      if (Files.isDirectory(directory)) {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "s3proxy-*.jar")) {
          for (Path jar : jars) {
            return jar;
          }
        }
      }
    }
    throw new IOException("no jar of s3proxy: 'mvn generate-test-resources' puts it in " + copied);
  }

  /** Where it is, without a path. */
  public URI endpoint() {
    return endpoint;
  }

  /** An empty bucket; its name has a random end. */
  public String newBucket(String name) {
    String bucket = name + "-" + random(4).toLowerCase(Locale.ROOT);
    command("bucket", bucket);
    return bucket;
  }

  /** A random key that reads, lists and writes in these buckets. */
  public Key newKey(String... buckets) {
    return newKeyOf(random(20), buckets);
  }

  /** The same with a secret that a test can look for. */
  public Key newKeyOf(String secret, String... buckets) {
    Key key = new Key("AKIA" + random(8), secret);
    List<String> words = new ArrayList<>(List.of("key", key.id(), key.secret()));
    words.addAll(List.of(buckets));
    command(words.toArray(String[]::new));
    return key;
  }

  /** From now on it is no key of the store. */
  public void revoke(Key key) {
    command("revoke", key.id());
  }

  /**
   * Copies a directory with all below it, and with the times of its files.
   *
   * @param prefix of the objects' keys, with a slash at its end; or empty
   * @return how many objects that made
   */
  public int copy(Path directory, String bucket, String prefix) {
    return Integer.parseInt(
        command("copy", bucket, prefix, directory.toAbsolutePath().toString()).strip());
  }

  /** The keys of all objects that begin so, in order. */
  public List<String> keys(String bucket, String prefix) {
    String keys = command("list", bucket, prefix).strip();
    return keys.isEmpty() ? List.of() : List.of(keys.split("\t"));
  }

  /** Deletes all objects whose keys begin so. */
  public void delete(String bucket, String prefix) {
    command("delete", bucket, prefix);
  }

  /**
   * What Hadoop needs to reach it with a key.
   *
   * @param at its endpoint, or that of a relay before it
   */
  public static Map<String, String> hadoop(URI at, Key key) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("fs.s3a.endpoint", at.toString());
    settings.put("fs.s3a.endpoint.region", REGION);
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    settings.put("fs.s3a.access.key", key.id());
    settings.put("fs.s3a.secret.key", key.secret());
    return settings;
  }

  private synchronized String command(String... words) {
    try {
      process.outputWriter(StandardCharsets.UTF_8).write(String.join("\t", words) + "\n");
      process.outputWriter(StandardCharsets.UTF_8).flush();
      String answer = answer();
      if (!answer.startsWith("ok ")) {
        throw new IllegalStateException(words[0] + ": " + answer);
      }
      return answer.substring("ok ".length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its libraries print too. */
  private String answer() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(ANSWER)) {
        return line.substring(ANSWER.length());
      }
    }
    throw new IOException("the S3 store has ended");
  }

  static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().withUpperCase().formatHex(random);
  }
}
