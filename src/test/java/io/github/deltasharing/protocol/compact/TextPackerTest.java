/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.testing.Serialised;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Texts come out as they went in, whatever they are, and are small where they are alike. */
@Tag("unit")
class TextPackerTest {
  private static final String TOKEN = "canary%2FwEaDGV1LWNlbnRyYWwtMSJH".repeat(20);

  private final TextPacker packer = new TextPacker();
  private final Random random = new Random(1);

  private static String hex(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }

  private String url(String token, int signature) {
    return "https://bucket.s3.amazonaws.com/warehouse/orders/day=2024-01-%02d/part-%05d-%s.parquet?X-Amz-Security-Token=%s&X-Amz-Expires=3600&X-Amz-Signature=%s"
        .formatted(
            1 + random.nextInt(28),
            random.nextInt(100_000),
            hex(random, 32),
            token,
            hex(random, signature));
  }

  private int packed(String text) {
    PackedText packed = packer.pack(PackedText.of(text));
    assertThat(packed.text()).isEqualTo(text);
    return packed.ownBytes();
  }

  private int average(int texts, UnaryOperator<String> next) {
    int sum = 0;
    for (int i = 0; i < texts; i++) {
      sum += packed(next.apply(""));
    }
    return sum / texts;
  }

  @Test
  void aUrlIsKeptAsItsSignatureAndItsFile() {
    int whole = packed(url(TOKEN, 64));
    assertThat(whole).isGreaterThan(800);
    // 32 bytes of signature and 16 of the file's name, and where they stand.
    assertThat(average(100, s -> url(TOKEN, 64))).isLessThan(70);
  }

  @Test
  void anotherTokenForGoodIsKeptFewTimes() {
    assertThat(average(100, s -> url(TOKEN, 64))).isLessThan(80);
    String other = TOKEN.replace("canary", "other").substring(10);
    assertThat(average(200, s -> url(other, 64))).isLessThan(100);
  }

  @Test
  void textsThatTakeTurnsHaveABaseEach() {
    String other = new StringBuilder(TOKEN).reverse().toString();
    average(100, s -> url(random.nextBoolean() ? TOKEN : other, 64));
    assertThat(average(500, s -> url(random.nextBoolean() ? TOKEN : other, 64))).isLessThan(80);
  }

  @Test
  void statisticsAreKeptAsTheirValues() {
    UnaryOperator<String> next =
        s ->
            "{\"numRecords\":%d,\"minValues\":{\"id\":%d,\"a longer name\":\"%s\"},\"maxValues\":{\"id\":%d,\"a longer name\":\"%s\"},\"nullCount\":{\"id\":0,\"a longer name\":%d}}"
                .formatted(
                    random.nextInt(100_000),
                    random.nextInt(),
                    "é字" + hex(random, 3),
                    random.nextInt(),
                    "ü" + random.nextInt(),
                    random.nextInt(9));
    assertThat(packed(next.apply(""))).isGreaterThan(150);
    assertThat(average(100, next)).isLessThan(75);
  }

  @RepeatedTest(20)
  void anyTextComesOutAsItWentIn(RepetitionInfo repetition) {
    Random any = new Random(repetition.getCurrentRepetition());
    String[] parts = {
      "", "a", "0", "f", "/", "&", "==", "a1b2", "é", "字", "\0", "😀", "xyz", "%2F"
    };
    List<String> words = new ArrayList<>(List.of("x"));
    for (int i = 0; i < 500; i++) {
      int at = any.nextInt(words.size());
      switch (any.nextInt(5)) {
        case 0 -> words.remove(at);
        case 1 -> words.set(at, parts[any.nextInt(parts.length)]);
        case 2 -> words.set(at, hex(any, any.nextInt(300)));
        default -> words.add(at, parts[any.nextInt(parts.length)]);
      }
      if (words.isEmpty()) {
        words.add("y");
      }
      packed(String.join("", words));
    }
  }

  @Test
  void travelsAndNeverPrints() {
    packed(url(TOKEN, 64));
    PackedText text = packer.pack(PackedText.of(url(TOKEN, 64)));
    assertThat(Serialised.byJava(text)).isEqualTo(text);
    assertThat(Serialised.byKryo(text)).isEqualTo(text);
    assertThat(Serialised.byKryo(text).text()).isEqualTo(text.text());
    assertThat(text.toString()).doesNotContain("canary").doesNotContain("bucket");
    assertThat(PackedText.of(TOKEN).toString()).doesNotContain("canary");
    assertThat(text).isNotEqualTo(PackedText.of(url(TOKEN, 64)));
  }
}
