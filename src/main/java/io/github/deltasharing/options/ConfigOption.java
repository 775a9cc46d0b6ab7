/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.options;

import io.github.deltasharing.annotation.Internal;
import io.github.deltasharing.annotation.PublicApi;
import io.github.deltasharing.error.SharingErrors;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One option: its name, how its text is read, its default and what it means. Immutable.
 *
 * @param key the reader option's name, matched without regard to case
 * @param type what a value looks like, as documentation says it
 * @param defaultValue the default; null means unset
 * @param doc what it means, one or two sentences for {@code docs/options.md}
 * @param sessionConfs session confs that set it for all reads, first wins, besides {@code
 *     spark.datasource.deltaSharing.<key>}
 * @param parser reads the text; throws IllegalArgumentException whose message says what is allowed
 */
@PublicApi
public record ConfigOption<T>(
    String key,
    String type,
    T defaultValue,
    String doc,
    List<String> sessionConfs,
    Function<String, T> parser) {

  private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*([kmgt]?)b?");
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|min|h|d)?");

  public ConfigOption {
    Objects.requireNonNull(key);
    sessionConfs = List.copyOf(sessionConfs);
  }

  static ConfigOption<String> text(String key, String doc, String... confs) {
    return new ConfigOption<>(key, "string", null, doc, List.of(confs), Function.identity());
  }

  static ConfigOption<Boolean> flag(String key, boolean defaultValue, String doc, String... confs) {
    return new ConfigOption<>(
        key, "true or false", defaultValue, doc, List.of(confs), ConfigOption::parseFlag);
  }

  static ConfigOption<Integer> count(
      String key, int min, Integer defaultValue, String doc, String... confs) {
    return new ConfigOption<>(
        key,
        "integer ≥ " + min,
        defaultValue,
        doc,
        List.of(confs),
        text -> parseCount(text, min, Integer.MAX_VALUE));
  }

  /** A table's version. */
  static ConfigOption<Long> version(String key, String doc) {
    return new ConfigOption<>(key, "integer ≥ 0", null, doc, List.of(), ConfigOption::parseVersion);
  }

  /** A table's version, as text, or {@code latest}. */
  static ConfigOption<String> versionOrLatest(String key, String doc) {
    return new ConfigOption<>(
        key,
        "integer ≥ 0, or latest",
        null,
        doc,
        List.of(),
        text ->
            text.equalsIgnoreCase("latest")
                ? text.toLowerCase(Locale.ROOT)
                : Long.toString(parseVersion(text)));
  }

  /** A time as text: it is Spark that reads it, by the session's time zone. */
  static ConfigOption<String> timestamp(String key, String doc) {
    return new ConfigOption<>(
        key,
        "timestamp such as 2024-01-31, 2024-01-31 12:34:56.789 or 2024-01-31T12:34:56Z",
        null,
        doc,
        List.of(),
        Function.identity());
  }

  static ConfigOption<Integer> port(String key, String doc, String... confs) {
    return new ConfigOption<>(
        key,
        "integer from 1 to 65535",
        null,
        doc,
        List.of(confs),
        text -> parseCount(text, 1, 65535));
  }

  static ConfigOption<Duration> duration(
      String key, Duration defaultValue, String bareUnit, String doc, String... confs) {
    return new ConfigOption<>(
        key,
        "duration such as 500ms, 30s, 2m (a bare number is in " + bareUnit + ")",
        defaultValue,
        doc,
        List.of(confs),
        text -> parseDuration(text, bareUnit, Duration.ZERO));
  }

  /** A duration that must not be zero. */
  static ConfigOption<Duration> timeout(
      String key, Duration defaultValue, String bareUnit, String doc, String... confs) {
    ConfigOption<Duration> any = duration(key, defaultValue, bareUnit, doc, confs);
    return new ConfigOption<>(
        key,
        any.type + ", not 0",
        defaultValue,
        doc,
        any.sessionConfs,
        text -> parseDuration(text, bareUnit, Duration.ofMillis(1)));
  }

  /** A duration that must not be shorter than another one. */
  static ConfigOption<Duration> interval(
      String key,
      Duration least,
      Duration defaultValue,
      String bareUnit,
      String doc,
      String... confs) {
    ConfigOption<Duration> any = duration(key, defaultValue, bareUnit, doc, confs);
    return new ConfigOption<>(
        key,
        any.type + ", at least " + least.toSeconds() + "s",
        defaultValue,
        doc,
        any.sessionConfs,
        text -> parseDuration(text, bareUnit, least));
  }

  /** An amount of memory. */
  static ConfigOption<Long> bytes(String key, long defaultValue, String doc) {
    return new ConfigOption<>(
        key,
        "size such as 65536, 512k, 64m, 1g",
        defaultValue,
        doc,
        List.of(),
        ConfigOption::parseBytes);
  }

  /** An amount of data, not 0; without a default. */
  static ConfigOption<Long> amount(String key, String doc) {
    return new ConfigOption<>(
        key,
        "size such as 65536, 512k, 64m, 10g, not 0",
        null,
        doc,
        List.of(),
        ConfigOption::parseAmount);
  }

  /** One of some texts, without a default. */
  static ConfigOption<String> oneOf(String key, List<String> values, String doc) {
    return new ConfigOption<>(
        key,
        "one of " + String.join(", ", values),
        null,
        doc,
        List.of(),
        text ->
            values.stream()
                .filter(text::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text)));
  }

  static <E extends Enum<E>> ConfigOption<E> choice(
      String key, Class<E> values, E defaultValue, String doc, String... confs) {
    String allowed = allowed(values);
    return new ConfigOption<>(
        key,
        allowed,
        defaultValue,
        doc,
        List.of(confs),
        text -> parseChoice(text, values, allowed));
  }

  /**
   * Reads {@code text}; {@code name} is the name under which the user gave it.
   *
   * @throws IllegalArgumentException naming it, the value and what is allowed
   */
  @Internal
  public T parse(String name, String text) {
    try {
      return parser.apply(text.trim());
    } catch (IllegalArgumentException e) {
      throw bad(name, text);
    }
  }

  /** For a value that turns out to be none where it is used. */
  public IllegalArgumentException bad(String text) {
    return bad(key, text);
  }

  private IllegalArgumentException bad(String name, String text) {
    return SharingErrors.badOption(name, text, "it must be " + type);
  }

  private static boolean parseFlag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static int parseCount(String text, int min, int max) {
    int value = Integer.parseInt(text);
    if (value < min || value > max) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static long parseVersion(String text) {
    long value = Long.parseLong(text);
    if (value < 0) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static long parseBytes(String text) {
    Matcher m = BYTES.matcher(text.toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      throw new IllegalArgumentException(text);
    }
    long unit =
        switch (m.group(2)) {
          case "k" -> 1L << 10;
          case "m" -> 1L << 20;
          case "g" -> 1L << 30;
          case "t" -> 1L << 40;
          default -> 1;
        };
    try {
      return Math.multiplyExact(Long.parseLong(m.group(1)), unit);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static long parseAmount(String text) {
    long bytes = parseBytes(text);
    if (bytes == 0) {
      throw new IllegalArgumentException(text);
    }
    return bytes;
  }

  private static Duration parseDuration(String text, String bareUnit, Duration least) {
    Matcher m = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!m.matches()) {
      throw new IllegalArgumentException(text);
    }
    try {
      Duration duration = ofUnit(Long.parseLong(m.group(1)), unit(m, bareUnit));
      // Clocks count in nanoseconds: 292 years must do.
      if (duration.toNanos() >= least.toNanos()) {
        return duration;
      }
    } catch (ArithmeticException e) {
      // Thrown below.
    }
    throw new IllegalArgumentException(text);
  }

  private static String unit(Matcher m, String bareUnit) {
    return m.group(2) == null ? bareUnit : m.group(2);
  }

  private static Duration ofUnit(long n, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m", "min" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      default -> Duration.ofDays(n);
    };
  }

  private static <E extends Enum<E>> E parseChoice(String text, Class<E> values, String allowed) {
    for (E value : values.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(text + " is none of " + allowed);
  }

  private static <E extends Enum<E>> String allowed(Class<E> values) {
    StringBuilder out = new StringBuilder();
    for (E value : values.getEnumConstants()) {
      out.append(out.length() == 0 ? "" : ", ").append(value.name().toLowerCase(Locale.ROOT));
    }
    return "one of " + out;
  }
}
