/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.source.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.github.deltasharing.protocol.compact.PackedTexts;
import io.github.deltasharing.table.FilterValue;
import io.github.deltasharing.table.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The texts that some files have in one place: all the same, all numbers, all times, or alike.
 * Immutable, safe for use by several threads.
 */
interface Texts {
  /** Digits of a number that a long has room for, whatever they are. */
  int LONG_DIGITS = 18;

  String get(int index);

  long heapBytes();

  /** A text as Jackson reads it; null if it is no JSON. */
  default JsonNode node(int index) {
    return StatisticsShape.node(get(index));
  }

  /** The value of a kind that is kept for a text; null if there is none. */
  default FilterValue value(int index, ValueKind kind) {
    return null;
  }

  /**
   * Keeps texts in the form that suits them.
   *
   * @param texts not empty
   */
  static Texts of(List<String> texts) {
    String first = texts.get(0);
    if (texts.stream().allMatch(first::equals)) {
      return new Same(first);
    }
    if (texts.stream().allMatch(Texts::isNumber)) {
      return new Numbers(Longs.of(texts.stream().map(Long::parseLong).toList()));
    }
    Optional<Times> times = Times.of(texts);
    if (times.isPresent()) {
      return times.get();
    }
    Optional<PackedTexts> packed = PackedTexts.of(texts);
    return packed.isPresent() ? new Packed(packed.get()) : new Plain(new ArrayList<>(texts));
  }

  /** Whether the text is a number as a long is printed. */
  static boolean isNumber(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - start;
    if (digits < 1 || digits > LONG_DIGITS) {
      return false;
    }
    if (text.charAt(start) == '0' && text.length() > 1) {
      return false;
    }
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** What the heap has for a text. */
  static long heapBytes(String text) {
    return 48 + 2L * text.length();
  }

  /** One text. */
  record Same(String text) implements Texts {
    @Override
    public String get(int index) {
      return text;
    }

    @Override
    public long heapBytes() {
      return 16 + Texts.heapBytes(text);
    }
  }

  /** Numbers. */
  record Numbers(Longs numbers) implements Texts {
    @Override
    public String get(int index) {
      return Long.toString(numbers.get(index));
    }

    @Override
    public JsonNode node(int index) {
      return LongNode.valueOf(numbers.get(index));
    }

    @Override
    public FilterValue value(int index, ValueKind kind) {
      return kind == ValueKind.INTEGER ? FilterValue.of(numbers.get(index)) : null;
    }

    @Override
    public long heapBytes() {
      return 16 + numbers.heapBytes();
    }
  }

  /** Texts that are alike. */
  record Packed(PackedTexts texts) implements Texts {
    @Override
    public String get(int index) {
      return texts.get(index);
    }

    @Override
    public long heapBytes() {
      return 16 + texts.heapBytes();
    }
  }

  /** Texts that are no Unicode. */
  record Plain(List<String> texts) implements Texts {
    @Override
    public String get(int index) {
      return texts.get(index);
    }

    @Override
    public long heapBytes() {
      return 64 + texts.stream().mapToLong(text -> 8 + Texts.heapBytes(text)).sum();
    }
  }
}
