/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.fuzz;

import io.github.deltasharing.client.Profile;
import io.github.deltasharing.error.SharingException;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import io.github.deltasharing.protocol.codec.ActionHandler;
import io.github.deltasharing.protocol.codec.ActionParser;
import io.github.deltasharing.protocol.codec.MalformedResponseException;
import io.github.deltasharing.protocol.codec.TemporaryCredentialCodec;
import io.github.deltasharing.protocol.predicate.JsonPredicate;
import io.github.deltasharing.protocol.predicate.SqlHintParser;
import io.github.deltasharing.protocol.predicate.ValueType;
import io.github.deltasharing.schema.SchemaParser;
import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.ShareConfigReader;
import io.github.deltasharing.table.DeletionVector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What is fuzzed: each target takes any bytes, and throws only where its parser threw what it does
 * not document, or a message that is none of ours. Stateless.
 */
final class FuzzTargets {
  /** A secret that damaged text is likely to keep. */
  static final String SECRET = "canary-c0ffee-c0ffee";

  private FuzzTargets() {}

  /** One of them. */
  @FunctionalInterface
  interface Target {
    void run(byte[] bytes) throws IOException;
  }

  /** A share credential file. */
  static void profile(byte[] bytes) {
    try {
      Profile profile = Profile.fromBytes("config.share", bytes);
      check(profile.endpoint() != null, "a profile without endpoint");
      checkSecret(profile.toString());
    } catch (IllegalArgumentException e) {
      checkMessage(e, "The profile config.share ");
    }
  }

  /** A response of the sharing server, in either format. */
  static void response(byte[] bytes) throws IOException {
    Kept kept = new Kept();
    try {
      ActionParser.parse(new ByteArrayInputStream(bytes), kept);
    } catch (MalformedResponseException e) {
      checkText(e.getMessage());
      check(e.getMessage().matches("(?s).*(line|response).*"), e.getMessage());
    }
  }

  /** A response with a temporary credential: nothing of it is quoted. */
  static void credential(byte[] bytes) throws IOException {
    try {
      checkSecret(TemporaryCredentialCodec.read(new ByteArrayInputStream(bytes)).toString());
    } catch (MalformedResponseException e) {
      checkSecret(e.getMessage());
    }
  }

  /** A filter that a client of the server sends, in SQL or in JSON. */
  static void predicateHint(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    SqlHintParser.parse(
        text, column -> column.isEmpty() ? Optional.empty() : Optional.of(ValueType.STRING));
    try {
      JsonPredicate.parse(text);
    } catch (IllegalArgumentException e) {
      check(e.getClass() == IllegalArgumentException.class && e.getMessage() != null, e.toString());
    }
  }

  /** A deletion vector, within a line of the response and as a file of its own. */
  static void deletionVector(byte[] bytes) {
    String z85 = new String(bytes, StandardCharsets.ISO_8859_1);
    vector(() -> DeletionVector.ofInline(z85, bytes.length * 4 / 5, 3));
    vector(() -> DeletionVector.ofFile(bytes, bytes.length - DeletionVector.FRAME_BYTES, 3));
    // In a frame whose sum is right, so that what is inside is looked at.
    CRC32 sum = new CRC32();
    sum.update(bytes);
    byte[] framed =
        ByteBuffer.allocate(bytes.length + DeletionVector.FRAME_BYTES)
            .putInt(bytes.length)
            .put(bytes)
            .putInt((int) sum.getValue())
            .array();
    for (long rows : new long[] {0, 1, 3, 4}) {
      vector(() -> DeletionVector.ofFile(framed, bytes.length, rows));
    }
  }

  private static void vector(java.util.function.Supplier<DeletionVector> parser) {
    try {
      DeletionVector vector = parser.get();
      int[] rows = new int[1000];
      check(vector.live(0, 1000, rows) + vector.deleted(0, 1000, rows) == 1000, "lost rows");
    } catch (IllegalArgumentException e) {
      check(e.getClass() == IllegalArgumentException.class && e.getMessage() != null, e.toString());
    }
  }

  /** The server's configuration. */
  static void shareYaml(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("share", ".yaml");
    try {
      Files.write(file, bytes);
      ShareConfigReader.read(file).build();
    } catch (ConfigException e) {
      checkText(e.getMessage());
    } finally {
      Files.delete(file);
    }
  }

  /** A table's schema, which comes within a response. */
  static void schema(byte[] bytes) {
    try {
      SchemaParser.parse("share.schema.t", new String(bytes, StandardCharsets.UTF_8));
    } catch (SharingException e) {
      checkText(e.getMessage());
    }
  }

  /** Wherever a profile has it. Schemas and the names in a configuration are no secrets. */
  private static void checkSecret(String text) {
    checkText(text);
    check(!text.contains(SECRET), "a secret in: " + text);
  }

  private static void checkMessage(RuntimeException e, String start) {
    checkSecret(e.getMessage());
    // Not a JDK class's own exception, which is one of this class, too.
    check(e.getClass() == IllegalArgumentException.class, e.toString());
    check(e.getMessage().startsWith(start) && e.getMessage().endsWith("."), e.getMessage());
  }

  private static void checkText(String text) {
    check(text != null && !text.isBlank(), "no message");
    check(text.length() < 5_000, "a message of " + text.length() + " characters");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** Touches what a response says. */
  private static final class Kept implements ActionHandler {
    @Override
    public void protocol(Protocol value) {
      check(value != null, "no protocol");
    }

    @Override
    public void metadata(Metadata value) {
      check(value.schemaString() != null, "no schema");
    }

    @Override
    public void file(ChangeFile value) {
      check(value.file().url() != null, "no URL");
    }

    @Override
    public void queryStatus(QueryStatus value) {
      check(value != null, "no status");
    }

    @Override
    public void endStream(EndStreamAction value) {
      check(value != null, "no end");
    }
  }
}
