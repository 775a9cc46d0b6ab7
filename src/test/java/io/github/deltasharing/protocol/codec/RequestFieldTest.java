/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.codec.RequestField.InvalidFieldException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class RequestFieldTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static <T> void assertComesBack(RequestField<T> field, T value) throws Exception {
    ObjectNode body = JSON.createObjectNode();
    field.put(body, value);
    assertThat(field.in(JSON.readTree(body.toString()))).contains(value);
    assertThat(body.fieldNames()).toIterable().containsExactly(field.name());
  }

  private static <T> void assertComesBackFromUrl(RequestField<T> field, T value) throws Exception {
    assertComesBack(field, value);
    String[] parameter = field.parameter(value).split("=", 2);
    assertThat(parameter[0]).isEqualTo(field.name());
    String decoded = URLDecoder.decode(parameter[1], StandardCharsets.UTF_8);
    assertThat(field.ofParameter(decoded)).contains(value);
  }

  @Test
  void valuesOfEachTypeComeBack() throws Exception {
    assertComesBack(RequestField.PREDICATE_HINTS, List.of("a > 1", "b = '\"'"));
    assertComesBack(RequestField.PREDICATE_HINTS, List.of());
    assertComesBackFromUrl(RequestField.PAGE_TOKEN, "a+b/c= &😀");
    assertComesBackFromUrl(RequestField.VERSION, 0L);
    assertComesBackFromUrl(RequestField.LIMIT_HINT, 999_999_999_999_999_999L);
    assertComesBackFromUrl(RequestField.MAX_FILES, (long) Integer.MAX_VALUE);
    assertComesBackFromUrl(RequestField.INCLUDE_HISTORICAL_METADATA, true);
    assertComesBackFromUrl(RequestField.INCLUDE_HISTORICAL_METADATA, false);
  }

  @Test
  void whatIsNullIsNotWrittenAndNotThere() throws Exception {
    ObjectNode body = JSON.createObjectNode();
    RequestField.VERSION.put(body, null);
    assertThat(body.isEmpty()).isTrue();
    assertThat(RequestField.VERSION.in(body)).isEmpty();
    assertThat(RequestField.VERSION.in(JSON.readTree("{\"version\":null}"))).isEmpty();
    assertThat(RequestField.VERSION.ofParameter(null)).isEmpty();
  }

  @Test
  void aNumberMayComeAsATextAndAFlagInAnyCase() throws Exception {
    assertThat(RequestField.VERSION.in(JSON.readTree("{\"version\":\"7\"}"))).contains(7L);
    assertThat(RequestField.INCLUDE_HISTORICAL_PROTOCOL.ofParameter("TRUE")).contains(true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"version\":-1} | a whole number, 0 or more",
        "{\"version\":1.5} | a whole number, 0 or more",
        "{\"version\":\"x\"} | a whole number, 0 or more",
        "{\"version\":{}} | a whole number, 0 or more",
        "{\"version\":9223372036854775808} | a whole number, 0 or more",
        "{\"maxFiles\":0} | a whole number, 1 or more",
        "{\"maxFiles\":2147483648} | a whole number, 1 to 2147483647",
        "{\"timestamp\":1} | a string",
        "{\"predicateHints\":\"a\"} | an array of strings",
        "{\"includeRefreshToken\":\"true\"} | true or false"
      })
  void aValueOfAnotherTypeIsRefusedByTheFieldsName(String body, String allowed) throws Exception {
    ObjectNode json = (ObjectNode) JSON.readTree(body);
    InvalidFieldException e =
        catchThrowableOfType(
            InvalidFieldException.class,
            () -> {
              for (RequestField<?> field :
                  List.of(
                      RequestField.VERSION,
                      RequestField.MAX_FILES,
                      RequestField.TIMESTAMP,
                      RequestField.PREDICATE_HINTS,
                      RequestField.INCLUDE_REFRESH_TOKEN)) {
                field.in(json);
              }
            });
    assertThat(e.field()).isEqualTo(json.fieldNames().next());
    assertThat(e.allowed()).isEqualTo(allowed);
  }

  @Test
  void aParameterOfAnotherTypeIsRefusedByTheFieldsName() {
    InvalidFieldException e =
        catchThrowableOfType(
            InvalidFieldException.class,
            () -> RequestField.INCLUDE_HISTORICAL_METADATA.ofParameter("yes"));
    assertThat(e.field()).isEqualTo("includeHistoricalMetadata");
    assertThat(e.allowed()).isEqualTo("true or false");
  }
}
