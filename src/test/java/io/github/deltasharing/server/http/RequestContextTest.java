/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.server.auth.Principal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who shares limits with whom. */
@Tag("unit")
class RequestContextTest {
  private static <T> T fake(Class<T> type, InvocationHandler answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
  }

  private static RequestContext request() {
    ConnectionMetaData connection =
        fake(
            ConnectionMetaData.class,
            (proxy, method, values) ->
                method.getName().equals("getRemoteSocketAddress")
                    ? new InetSocketAddress("127.0.0.9", 1)
                    : null);
    return RequestContext.start(
        fake(
            Request.class,
            (proxy, method, values) ->
                switch (method.getName()) {
                  case "getHeaders" -> HttpFields.EMPTY;
                  case "getConnectionMetaData" -> connection;
                  default -> null;
                }));
  }

  @Test
  void clientsBehindAProxyThatIsBelievedAreNotOne() {
    RequestContext one = request();
    RequestContext other = request();
    assertThat(one.client()).isEqualTo(other.client()).endsWith("@127.0.0.9");
    one.address("203.0.113.7");
    other.address("203.0.113.8");
    assertThat(one.client()).isEqualTo("@203.0.113.7");
    assertThat(other.client()).isEqualTo("@203.0.113.8");
    other.principal(new Principal("a-recipient", /* oneClient= */ true));
    assertThat(other.client()).isEqualTo("a-recipient");
  }
}
