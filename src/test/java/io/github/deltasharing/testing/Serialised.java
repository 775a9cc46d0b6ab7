/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag$;

/** Copies of objects as they arrive on an executor. */
public final class Serialised {
  private Serialised() {}

  @SuppressWarnings("unchecked")
  public static <T> T byJava(T object) {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytesByJava(object)))) {
      return (T) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(object.getClass() + " does not survive Java serialisation", e);
    }
  }

  /** What is sent. */
  public static byte[] bytesByJava(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new AssertionError(object.getClass() + " does not survive Java serialisation", e);
    }
    return bytes.toByteArray();
  }

  /** By the serialiser that {@code spark.serializer=…KryoSerializer} sets up. */
  @SuppressWarnings("unchecked")
  public static <T> T byKryo(T object) {
    SerializerInstance kryo = new KryoSerializer(new SparkConf(false)).newInstance();
    return (T)
        kryo.<Object>deserialize(
            kryo.<Object>serialize(object, ClassTag$.MODULE$.Object()), ClassTag$.MODULE$.Object());
  }

  /** What is sent. */
  public static byte[] bytesByKryo(Object object) {
    ByteBuffer bytes =
        new KryoSerializer(new SparkConf(false))
            .newInstance()
            .serialize(object, ClassTag$.MODULE$.Object());
    return Arrays.copyOfRange(bytes.array(), bytes.arrayOffset(), bytes.limit());
  }
}
