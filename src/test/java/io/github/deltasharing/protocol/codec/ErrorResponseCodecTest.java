/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.protocol.ErrorResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ErrorResponseCodecTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void anErrorComesBack() throws Exception {
    ErrorResponse error = new ErrorResponse("RESOURCE_DOES_NOT_EXIST", "no \"t\"\nin s");
    String body = ErrorResponseCodec.write(error).toString();
    assertThat(body)
        .isEqualTo(
            "{\"errorCode\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"no \\\"t\\\"\\nin s\"}");
    assertThat(ErrorResponseCodec.read(JSON.readTree(body))).isEqualTo(error);
  }

  @Test
  void whatABodyDoesNotSayIsEmpty() throws Exception {
    assertThat(ErrorResponseCodec.read(JSON.readTree("{\"error_code\":\"X\"}")))
        .isEqualTo(new ErrorResponse("X", ""));
    assertThat(ErrorResponseCodec.read(JSON.readTree("{}"))).isEqualTo(new ErrorResponse("", ""));
  }
}
