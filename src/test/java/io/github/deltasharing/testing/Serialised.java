package io.github.deltasharing.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag$;

/** Copies of objects as they arrive on an executor. */
public final class Serialised {
  private Serialised() {}

  @SuppressWarnings("unchecked")
  public static <T> T byJava(T object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(object);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return (T) in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(object.getClass() + " does not survive Java serialisation", e);
    }
  }

  /** By the serialiser that {@code spark.serializer=…KryoSerializer} sets up. */
  @SuppressWarnings("unchecked")
  public static <T> T byKryo(T object) {
    SerializerInstance kryo = new KryoSerializer(new SparkConf(false)).newInstance();
    return (T)
        kryo.<Object>deserialize(
            kryo.<Object>serialize(object, ClassTag$.MODULE$.Object()), ClassTag$.MODULE$.Object());
  }
}
