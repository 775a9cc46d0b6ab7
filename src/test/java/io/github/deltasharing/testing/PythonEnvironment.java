/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python environment with the packages that a file {@code src/test/python/requirements-*.txt}
 * pins, made by the build. It is kept outside of {@code target}, in {@code python.environments} or
 * the user's cache, under a name that changes with the file and with the version of Python: a later
 * build takes it as it is. Tests skip, saying why, where there is no Python or no package index;
 * a version that the index does not have is a failure.
 */
public final class PythonEnvironment {
  private static final Pattern VERSION = Pattern.compile("Python (3\\.(\\d+)\\.\\d+)");
  private static final int OLDEST_MINOR = 10;

  /** For later ones the pinned packages have no built files. */
  private static final int NEWEST_MINOR = 12;

  /** What pip says when it reaches no index. */
  private static final Pattern NO_INDEX =
      Pattern.compile(
          "Retrying \\(Retry|Failed to establish a new connection|Temporary failure in name|"
              + "ConnectionError|ConnectTimeout|Could not fetch URL|from versions: none");

  /** What Python says where a distribution has split it up and this part is not installed. */
  private static final Pattern NO_VENV =
      Pattern.compile("ensurepip is not available|No module named '?(venv|ensurepip)");

  private final Path directory;

  private PythonEnvironment(Path directory) {
    this.directory = directory;
  }

  /**
   * The environment of {@code requirements-<name>.txt}; made now if no build has made it. Aborts
   * the test where that cannot be done.
   */
  public static PythonEnvironment of(String name) throws IOException, InterruptedException {
    return of(name, "");
  }

  /**
   * An environment that has another one's packages too, without a copy of them: those of {@code
   * requirements-<name>.txt} are the ones that it adds.
   */
  public static PythonEnvironment over(PythonEnvironment base, String name)
      throws IOException, InterruptedException {
    return of(name, base.packages().toString());
  }

  private static PythonEnvironment of(String name, String basePackages)
      throws IOException, InterruptedException {
    Path requirements = Path.of("src", "test", "python", "requirements-" + name + ".txt");
    String python = System.getProperty("python", "python3");
    String version = version(python);
    String text = version + "\n" + Files.readString(requirements) + basePackages;
    Path cache = Files.createDirectories(cache());
    PythonEnvironment made = new PythonEnvironment(cache.resolve(name + "-" + hash(text)));
    // Another build of this machine may be at it.
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve(made + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      Path done = made.directory.resolve("installed");
      if (!Files.exists(done)) {
        install(python, made.directory, requirements.toAbsolutePath());
        if (!basePackages.isEmpty()) {
          Files.writeString(made.packages().resolve("base.pth"), basePackages);
        }
        Files.writeString(done, text);
      }
    }
    return made;
  }

  private static Path cache() {
    String set = System.getProperty("python.environments", "");
    return set.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "delta-sharing-connector", "python")
        : Path.of(set);
  }

  private static String version(String python) throws IOException, InterruptedException {
    String said;
    try {
      said = run(List.of(python, "--version"));
    } catch (IOException e) {
      said = e.getMessage();
    }
    Matcher version = VERSION.matcher(said);
    Assumptions.assumeTrue(
        version.find() && isSupported(Integer.parseInt(version.group(2))),
        "SKIPPED: needs Python 3.%d to 3.%d, by -Dpython=<program> if it is not '%s': %s"
            .formatted(OLDEST_MINOR, NEWEST_MINOR, python, said));
    return version.group(1);
  }

  private static boolean isSupported(int minor) {
    return minor >= OLDEST_MINOR && minor <= NEWEST_MINOR;
  }

  private static void install(String python, Path directory, Path requirements)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<String> venv = List.of(python, "-m", "venv", "--clear", directory.toString());
    runOrSkip(venv, NO_VENV, "this Python makes no environments");
    List<String> pip = new ArrayList<>();
    pip.add(directory.resolve("bin").resolve("python").toString());
    pip.addAll(List.of("-m", "pip", "install", "--no-deps", "-r", requirements.toString()));
    runOrSkip(pip, NO_INDEX, "the Python packages cannot be had");
  }

  /** Fails but for a reason that is none of the build's. */
  private static void runOrSkip(List<String> command, Pattern reason, String skipped)
      throws IOException, InterruptedException {
    try {
      run(command);
    } catch (IOException e) {
      Assumptions.assumeFalse(
          reason.matcher(e.getMessage()).find(), "SKIPPED: " + skipped + ": " + e.getMessage());
      throw e;
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("python", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = process.waitFor(10, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(log);
      if (!ended || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + said);
      }
      return said;
    } finally {
      Files.delete(log);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its Python. */
  public Path python() {
    return directory.resolve("bin").resolve("python");
  }

  /** What lies in an installed package, {@code pyspark} for example. */
  public Path packageDirectory(String name) throws IOException {
    Path found = packages().resolve(name);
    if (!Files.isDirectory(found)) {
      throw new IOException("no package " + name + " in " + directory);
    }
    return found;
  }

  private Path packages() throws IOException {
    try (var libraries = Files.newDirectoryStream(directory.resolve("lib"), "python3*")) {
      for (Path library : libraries) {
        return library.resolve("site-packages");
      }
    }
    throw new IOException("no packages in " + directory);
  }

  @Override
  public String toString() {
    return directory.getFileName().toString();
  }
}
