/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.IsoTimes;
import io.github.deltasharing.table.ValueKind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Texts that are all dates, or all times written alike, as numbers. They come out as they went in.
 *
 * @param counts since the epoch: days, or the least parts of a second that are written
 */
record Times(Form form, Longs counts) implements Texts {
  private static final int DATE = "2024-01-31".length();
  private static final int SECONDS = "2024-01-31T23:59:59".length();
  private static final int MICRO_DIGITS = 6;
  private static final long SECONDS_PER_DAY = 86_400;

  /**
   * How they are written.
   *
   * @param quote before and behind
   * @param digits of a fraction of a second; negative if they are dates
   * @param zone behind a time: {@code Z} or nothing
   */
  record Form(String quote, int digits, String zone) {
    static Optional<Form> of(String text) {
      String quote = text.startsWith("\"") ? "\"" : "";
      String zone = text.endsWith("Z" + quote) ? "Z" : "";
      int length = text.length() - 2 * quote.length() - zone.length();
      if (length == DATE && zone.isEmpty()) {
        return Optional.of(new Form(quote, -1, zone));
      }
      int digits = length == SECONDS ? 0 : length - SECONDS - 1;
      return digits < 0 || digits > MICRO_DIGITS
          ? Optional.empty()
          : Optional.of(new Form(quote, digits, zone));
    }

    private boolean isDate() {
      return digits < 0;
    }

    /** The microseconds of what is counted. */
    private long unit() {
      long unit = 1;
      for (int i = digits; i < MICRO_DIGITS; i++) {
        unit *= 10;
      }
      return unit;
    }

    OptionalLong count(String text) {
      if (text.length() < DATE + 2 * quote.length()) {
        return OptionalLong.empty();
      }
      String inner = text.substring(quote.length(), text.length() - quote.length());
      OptionalLong count = isDate() ? IsoTimes.days(inner) : IsoTimes.micros(inner, zone);
      long found = count.isEmpty() || isDate() ? count.orElse(0) : count.getAsLong() / unit();
      return count.isPresent() && text(found).equals(text)
          ? OptionalLong.of(found)
          : OptionalLong.empty();
    }

    String text(long count) {
      StringBuilder text = new StringBuilder(SECONDS + 10).append(quote);
      if (isDate()) {
        return text.append(LocalDate.ofEpochDay(count)).append(quote).toString();
      }
      long perSecond = 1_000_000 / unit();
      long seconds = Math.floorDiv(count, perSecond);
      int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
      text.append(LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY))).append('T');
      padded(text, second / 3600, 2).append(':');
      padded(text, second / 60 % 60, 2).append(':');
      padded(text, second % 60, 2);
      if (digits > 0) {
        padded(text.append('.'), Math.floorMod(count, perSecond), digits);
      }
      return text.append(zone).append(quote).toString();
    }

    private static StringBuilder padded(StringBuilder text, long number, int digits) {
      String written = Long.toString(number);
      return text.append("0".repeat(digits - written.length())).append(written);
    }
  }

  /** Keeps texts so; empty if they are others. */
  static Optional<Times> of(List<String> texts) {
    Optional<Form> form = Form.of(texts.get(0));
    if (form.isEmpty()) {
      return Optional.empty();
    }
    List<Long> counts = new ArrayList<>(texts.size());
    for (String text : texts) {
      OptionalLong count = form.get().count(text);
      if (count.isEmpty()) {
        return Optional.empty();
      }
      counts.add(count.getAsLong());
    }
    return Optional.of(new Times(form.get(), Longs.of(counts)));
  }

  @Override
  public String get(int index) {
    return form.text(counts.get(index));
  }

  @Override
  public FilterValue value(int index, ValueKind kind) {
    return switch (kind) {
      case DATE -> form.isDate() ? FilterValue.of(counts.get(index)) : null;
      case TIMESTAMP -> form.zone().isEmpty() ? null : micros(index);
      case TIMESTAMP_NTZ -> form.isDate() || !form.zone().isEmpty() ? null : micros(index);
      default -> null;
    };
  }

  private FilterValue micros(int index) {
    return FilterValue.of(counts.get(index) * form.unit());
  }

  @Override
  public long heapBytes() {
    return 56 + counts.heapBytes();
  }
}
