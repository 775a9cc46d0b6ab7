package io.github.deltasharing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "http://my_share:8080/api, 10.0.0.7, http://10.0.0.7:8080/api/shares?x=1",
    "http://my_share, 10.0.0.7, http://10.0.0.7/shares?x=1",
    "http://my_share:80/a%20b, fd00::1, http://[fd00:0:0:0:0:0:0:1]:80/a%20b/shares?x=1",
    "https://share.example/api, 10.0.0.7, https://share.example/api/shares?x=1",
  })
  void hostsThatJavaDoesNotKnowAreAskedByTheirAddress(String endpoint, String ip, String target)
      throws IOException {
    assertThat(Target.of(URI.create(endpoint), "/shares?x=1", name -> InetAddress.getByName(ip)))
        .hasToString(target);
  }

  @Test
  void aNameThatNobodyKnowsIsAFailureOfTheConnection() {
    assertThatThrownBy(
            () ->
                Target.of(
                    URI.create("http://my_share"),
                    "/shares",
                    name -> {
                      throw new UnknownHostException(name);
                    }))
        .isInstanceOf(IOException.class);
  }
}
