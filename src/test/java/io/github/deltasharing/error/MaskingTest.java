/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer quotes a secret in ways that a plain search does not find. */
@Tag("unit")
class MaskingTest {
  private static final String TOKEN = "dapi+7f3/Kx-Q~9.vZ_b2Lm==";
  private static final Masking MASKING = Masking.of(TOKEN);

  static Stream<Arguments> forms() {
    return Stream.of(
        form("as it is", token -> token),
        form("upper case", token -> token.toUpperCase(Locale.ROOT)),
        form("lower case", token -> token.toLowerCase(Locale.ROOT)),
        form("JSON escapes of its symbols", token -> token.replace("/", "\\/")),
        form("JSON escapes of all", each("\\u%04x")),
        form("JSON in JSON", each("\\\\u%04X")),
        form("C escapes", each("\\x%02x")),
        form("HTML", each("&#%d;")),
        form("HTML, hexadecimal", each("&#x%x;")),
        form("percent-encoded symbols", MaskingTest::urlEncoded),
        form("percent-encoded twice", token -> urlEncoded(urlEncoded(token))),
        form("percent-encoded all", each("%%%02X")),
        form("percent-encoded all, twice", each("%%25%02x")),
        form("line breaks", token -> token.replaceAll("(.{5})", "$1\r\n")),
        form("escaped line breaks", token -> token.replaceAll("(.{5})", "$1\\\\n")),
        form("a blank between each", token -> String.join(" ", token.split(""))),
        form("zero-width blanks", token -> String.join("\u200b", token.split(""))),
        form("quotes and plus", token -> token.replaceAll("(.{5})", "$1\" + \"")),
        form("base64", token -> base64(token)),
        form("base64 of a header", token -> base64("Bearer " + token)),
        form("base64 of a user and password", token -> base64("ab:" + token + "\n")),
        form("base64 for URLs", token -> urlBase64("x" + token)),
        form("base64 in lines", token -> base64(token).replaceAll("(.{8})", "$1\n")),
        form("hexadecimal", token -> HexFormat.of().formatHex(bytes(token))),
        form(
            "hexadecimal, upper case",
            token -> HexFormat.ofDelimiter(":").withUpperCase().formatHex(bytes(token))));
  }

  private static Arguments form(String name, UnaryOperator<String> write) {
    return Arguments.of(name, write.apply(TOKEN));
  }

  private static UnaryOperator<String> each(String format) {
    return token ->
        token.chars().mapToObj(c -> String.format(format, c)).collect(Collectors.joining());
  }

  private static String urlEncoded(String token) {
    return URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static String urlBase64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(text));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void aSecretIsMaskedInEveryForm(String name, String quoted) {
    String line = MASKING.line("bad credential <" + quoted + "> sent");
    assertThat(line).startsWith("bad credential <").endsWith("> sent").contains("***");
    // What is left of it: what base64 makes of the characters at its ends, and symbols.
    String left = line.substring(16, line.length() - 6).replace("***", "");
    assertThat(left.replaceAll("[^A-Za-z0-9]", "").length()).isLessThanOrEqualTo(12);
    assertThat(left).doesNotContain("7f3", "vZ_b2");
  }

  @Test
  void aLongPartOfASecretIsMaskedToo() {
    Masking masking = Masking.of("0123456789abcdefghijklmnopqrstuvwxyz");
    assertThat(masking.line("token 456789abcdefghijklmn… is unknown"))
        .isEqualTo("token ***… is unknown");
  }

  @Test
  void ordinaryTextStaysAsItIs() {
    String text = "Delta protocol version (3,7) is too new: 50% of \\n &#x; &amp; a\\b %zz \\u12";
    assertThat(MASKING.line(text)).isEqualTo(text);
    assertThat(Masking.of("ab", "", null).line("about a cab")).isEqualTo("***out a c***");
    assertThat(Masking.OF_URLS.line("see https://host/path.")).isEqualTo("see https://host/path.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET https://h/p/f?X-Amz-Signature=canary&b=c failed | GET https://h/p/f?*** failed",
        "(HTTPS://H/f?sig=canary) | (HTTPS://H/f?***",
        "`\"url\":\"https:\\/\\/h\\/f?a=canary\"` | `\"url\":\"https:\\/\\/h\\/f?***\"`",
        "https:\\u002F\\u002fh\\u002ff\\u003fa=canary | https:\\u002F\\u002fh\\u002ff?***",
        "to=https%3A%2F%2Fh%2Ff%3Fsig%3Dcanary | to=https%3A%2F%2Fh%2Ff?***",
        "https://user:canary@h/f | https://***@h/f",
        "https://canary@h/f | https://***@h/f",
        "abfss://c@a.dfs.core/f | abfss://c@a.dfs.core/f",
        "jdbc://u:canary@a/f | jdbc://***@a/f",
        "/bucket/f?X-Amz-Signature=canary&x=1 | /bucket/f?X-Amz-Signature=***&x=1",
        "sig%3Dcanary | sig%3D***",
        "bearerToken=canary | bearerToken=***",
        "`{\"bearerToken\": \"canary\"}` | `{\"bearerToken\": \"***\"}`",
        "`{\\\"client_secret\\\":\\\"canary\\\"}` | `{\\\"client_secret\\\":\\\"***\\\"}`",
        "Bearer eyJhbGciOiJI.eyJzdWIiOi.canary is old | Bearer *** is old",
        "the token has expired | the token has expired",
        "design=good | design=good"
      })
  void urlsLoseTheirQueriesAndOtherCredentialsTheirValues(String said, String expected) {
    assertThat(Masking.OF_URLS.line(said)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1999, 2000, 2001, 70_000, 5_000_000})
  void whatIsLongIsCutAndWhatIsInLinesIsOneLine(int length) {
    String line = MASKING.line("a\n\tb\u0000\u001b[31m " + "\ud83d\ude00".repeat(length / 2));
    assertThat(line).startsWith("a b [31m ").hasSizeLessThanOrEqualTo(2001);
    assertThat(Character.isHighSurrogate(line.charAt(line.length() - 2))).isFalse();
  }

  @Test
  void aFailureThatQuotesASecretIsReplacedAndAnotherIsNot() {
    IOException harmless = new IOException("reset", new IllegalStateException("closed"));
    assertThat(MASKING.cause(harmless)).isSameAs(harmless);
    Throwable telling =
        new IOException("bad", new IllegalArgumentException("header: Bearer " + TOKEN));
    assertThat(MASKING.cause(telling))
        .isInstanceOf(IOException.class)
        .hasNoCause()
        .hasMessage("java.io.IOException: bad")
        .extracting(Throwable::getStackTrace)
        .isEqualTo(telling.getStackTrace());
    assertThat(MASKING.cause(new IOException("Bearer " + TOKEN)))
        .hasMessage("java.io.IOException: Bearer ***");
  }

  /** Long text that a search begins again and again in. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x", "-", "eyJ-", "token", "sig=", "a:", "\\", "%25", "&#1", "://", "\"", "\\u", "a@"
      })
  @Timeout(20)
  void noTextTakesLong(String piece) {
    assertThat(MASKING.line(piece.repeat(2_000_000 / piece.length()))).hasSizeLessThan(2010);
  }
}
