/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs all classes of this package whose name ends with the second argument with JUnit's launcher,
 * and writes into the file that the first one names a line for each check: passed, failed or
 * skipped, a tab, its name, a tab, and why. It ends by itself; the checks' session is stopped with
 * the JVM.
 */
public final class ConformanceMain implements TestExecutionListener {
  private static final int MAX_TEXT = 2_000;

  private final List<String> lines = new ArrayList<>();
  private final Map<String, TestIdentifier> parents = new HashMap<>();

  private ConformanceMain() {}

  public static void main(String[] args) throws IOException {
    ConformanceMain results = new ConformanceMain();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectPackage(ConformanceMain.class.getPackageName()))
            .filters(ClassNameFilter.includeClassNamePatterns(".*" + args[1]))
            .build(),
        results);
    Files.write(Path.of(args[0]), results.lines, StandardCharsets.UTF_8);
    Runtime.getRuntime().exit(0);
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    parents.put(test.getUniqueId(), test);
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add("skipped", test, reason);
  }

  /** Containers count only if they fail: then their checks have not run. */
  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest() || result.getStatus() == Status.FAILED) {
      add(
          switch (result.getStatus()) {
            case SUCCESSFUL -> "passed";
            case ABORTED -> "skipped";
            case FAILED -> "failed";
          },
          test,
          result.getThrowable().map(ConformanceMain::text).orElse(""));
    }
  }

  private void add(String status, TestIdentifier test, String why) {
    lines.add(status + "\t" + name(test) + "\t" + cut(why.replaceAll("\\s+", " ")));
    System.err.println("conformance: " + lines.get(lines.size() - 1));
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + " ...";
  }

  private String name(TestIdentifier test) {
    TestIdentifier parent = test.getParentId().map(parents::get).orElse(null);
    boolean nested = parent != null && parent.getParentId().isPresent();
    return (nested ? name(parent) + ", " : "") + test.getDisplayName().replace("()", "");
  }

  /** The failure, its causes, and the first line of ours. */
  private static String text(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : ", because of ").append(cause);
      if (cause.getStackTrace().length > 0 && !(cause instanceof AssertionError)) {
        text.append(" at ").append(cause.getStackTrace()[0]);
      }
    }
    return text.toString();
  }
}
