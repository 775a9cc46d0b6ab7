/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes text of a peer fit for a message: masks the secrets that were sent to it, in whatever form
 * it quotes them, the queries of URLs, which are signatures, and whatever looks like another
 * credential. Contains secrets: never print or serialise it. Driver and executors; immutable.
 */
public final class Masking {
  /** Masks no secrets but the queries of URLs, and what looks like a credential. */
  public static final Masking OF_URLS = new Masking(List.of());

  /** Longer text than this is of no use in a message. */
  private static final int MOST_CHARS = 2000;

  /** How much of a text is processed, of which {@link #MOST_CHARS} are left. */
  private static final int MOST_READ = 1 << 16;

  private static final String MASK = "***";

  /** Slashes, a question mark and an equals sign may be written as JSON or a URL escapes them. */
  private static final String SLASH = "(?:\\\\*/|%(?:25)*2f|\\\\+u002f)";

  // Repetitions have bounds where a match may begin at each of them: untrusted text must not
  // take quadratic time.
  private static final Pattern URL =
      Pattern.compile(
          "\\b([a-z][a-z0-9+.-]{1,30}(?::|%(?:25)*3a)" + SLASH + "{2})([^\\s\"'<>]*)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern QUERY =
      Pattern.compile("\\?|%(?:25)*3f|\\\\+u003f", Pattern.CASE_INSENSITIVE);
  private static final Pattern USER = Pattern.compile("^[^/\\\\?#@]*@");

  /** {@code X-Amz-Signature=…}, with or without a URL before it. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "([\\w.-]{0,40}(?:signature|(?<![a-z])sig|token|credential|secret|password|accesskeyid|api[_-]?key))"
              + "(=|%(?:25)*3d|\\\\+u003d)(?!\\*\\*\\*)[^\\s&\"'<>]+",
          Pattern.CASE_INSENSITIVE);

  /** A JSON field, its quotes perhaps escaped. */
  private static final Pattern FIELD =
      Pattern.compile(
          "([\\w-]{0,40}(?:token|secret|password|signature|credential|authorization)\\\\*\"\\s*:\\s*\\\\*\")[^\"\\\\]+",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern JSON_WEB_TOKEN =
      Pattern.compile("\\beyJ[\\w-]{6,4000}+\\.[\\w-]{6,}+(?:\\.[\\w-]*+)*+");

  private static final Pattern GAPS = Pattern.compile("[\\s\\p{Cntrl}\\p{Cf}]+");

  private final List<String> secrets;

  private Masking(List<String> secrets) {
    this.secrets = secrets;
  }

  /** Masks these secrets; null and blank ones are ignored. */
  public static Masking of(String... secrets) {
    return new Masking(
        Arrays.stream(secrets)
            .filter(Objects::nonNull)
            .filter(secret -> !secret.isBlank())
            .toList());
  }

  /** The text without secrets; as long as it is. */
  public String text(String said) {
    String text = said;
    for (String secret : secrets) {
      text = text.replace(secret, MASK);
    }
    return withoutCredentials(SecretForms.mask(text, secrets, MASK));
  }

  /** The text without secrets, on one line and not endless. */
  public String line(String said) {
    boolean cut = said.length() > MOST_READ;
    String line =
        GAPS.matcher(text(cut ? said.substring(0, MOST_READ) : said)).replaceAll(" ").trim();
    if (line.length() <= MOST_CHARS) {
      return cut ? line + "…" : line;
    }
    int end = Character.isHighSurrogate(line.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
    return line.substring(0, end) + "…";
  }

  /**
   * A failure as a cause: itself, or, if its message or those of its causes contain a secret, one
   * with a masked message.
   */
  public Throwable cause(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getMessage() != null && !text(t.getMessage()).equals(t.getMessage())) {
        Throwable masked = new IOException(text(failure.toString()));
        masked.setStackTrace(failure.getStackTrace());
        return masked;
      }
    }
    return failure;
  }

  private static String withoutCredentials(String text) {
    String result = URL.matcher(text).replaceAll(Masking::withoutQuery);
    result = PARAMETER.matcher(result).replaceAll("$1$2***");
    result = FIELD.matcher(result).replaceAll("$1***");
    return JSON_WEB_TOKEN.matcher(result).replaceAll(MASK);
  }

  private static String withoutQuery(MatchResult url) {
    String rest = url.group(2);
    Matcher user = USER.matcher(rest);
    if (user.find() && (isHttp(url.group(1)) || user.group().contains(":"))) {
      // Elsewhere it is a container's name.
      rest = MASK + "@" + rest.substring(user.end());
    }
    Matcher query = QUERY.matcher(rest);
    if (query.find()) {
      rest = rest.substring(0, query.start()) + "?" + MASK;
    }
    return Matcher.quoteReplacement(url.group(1) + rest);
  }

  private static boolean isHttp(String scheme) {
    return scheme.regionMatches(true, 0, "http", 0, 4);
  }
}
