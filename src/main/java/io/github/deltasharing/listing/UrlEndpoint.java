package io.github.deltasharing.listing;

import io.github.deltasharing.read.UrlAsk;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEnv;
import scala.Function1;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Where executors ask this driver for URLs: one endpoint in each SparkContext. Replies come from
 * the threads that ask the server; Spark's dispatcher is never kept waiting. Thread-safe.
 */
public final class UrlEndpoint implements RpcEndpoint {
  private static UrlEndpoint current;

  private final RpcEnv rpcEnv;
  private final UrlRegistry registry;

  /** Not the class's: two class loaders of one driver may both have the connector. */
  private final String name = "DeltaSharingUrls-" + UUID.randomUUID();

  private UrlEndpoint(RpcEnv rpcEnv, UrlRegistry registry) {
    this.rpcEnv = rpcEnv;
    this.registry = registry;
  }

  /** The name of the running SparkContext's endpoint, which is set up when first asked for. */
  public static synchronized String nameIn(SparkEnv env) {
    if (current == null || current.rpcEnv != env.rpcEnv()) {
      UrlEndpoint endpoint = new UrlEndpoint(env.rpcEnv(), UrlRegistry.shared());
      env.rpcEnv().setupEndpoint(endpoint.name, endpoint);
      current = endpoint;
    }
    return current.name;
  }

  @Override
  public RpcEnv rpcEnv() {
    return rpcEnv;
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof byte[];
      }

      @Override
      public <A, B> B applyOrElse(A message, Function1<A, B> otherwise) {
        if (!isDefinedAt(message)) {
          return otherwise.apply(message);
        }
        reply((byte[]) message, context);
        @SuppressWarnings("unchecked") // The function's result is Scala's Unit.
        B unit = (B) BoxedUnit.UNIT;
        return unit;
      }
    };
  }

  private void reply(byte[] message, RpcCallContext context) {
    Future<?> unused =
        registry.answer(UrlAsk.of(message)).thenAccept(reply -> context.reply(reply.toBytes()));
  }
}
