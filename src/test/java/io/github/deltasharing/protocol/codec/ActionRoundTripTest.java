/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.QueryStatus;
import io.github.deltasharing.protocol.ResponseFormat;
import io.github.deltasharing.protocol.TableAccess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the writing half writes, the reading half reads back: random records, each optional field
 * there or not, as far as the format has the field.
 */
@Tag("unit")
class ActionRoundTripTest {
  private static final int RECORDS = 300;

  private static final String[] TEXTS = {
    "a",
    "",
    " ",
    "Grüße",
    "字",
    "😀",
    "\"",
    "\\",
    "/",
    "\n",
    "\u0001",
    "\u2028",
    "{\"numRecords\":1}",
    "null",
    "=%2F?&"
  };

  private final Random random = new Random(20261128);

  @FunctionalInterface
  private interface Action {
    void writeTo(ActionWriter lines) throws IOException;
  }

  /** What was read, each kind in its order. */
  private static final class Read implements ActionHandler {
    final List<Protocol> protocols = new ArrayList<>();
    final List<Metadata> metadata = new ArrayList<>();
    final List<ChangeFile> files = new ArrayList<>();
    final List<EndStreamAction> ends = new ArrayList<>();
    final List<QueryStatus> statuses = new ArrayList<>();

    @Override
    public void protocol(Protocol value) {
      protocols.add(value);
    }

    @Override
    public void metadata(Metadata value) {
      metadata.add(value);
    }

    @Override
    public void file(ChangeFile value) {
      files.add(value);
    }

    @Override
    public void endStream(EndStreamAction value) {
      ends.add(value);
    }

    @Override
    public void queryStatus(QueryStatus value) {
      statuses.add(value);
    }
  }

  private static String written(ResponseFormat format, Action action) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ActionWriter lines = new ActionWriter(out, format)) {
      action.writeTo(lines);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Read roundTrip(ResponseFormat format, Action action) throws Exception {
    String line = written(format, action);
    assertThat(line).endsWith("}\n");
    assertThat(line.indexOf('\n')).as("one line").isEqualTo(line.length() - 1);
    Read read = new Read();
    long lines =
        ActionParser.parse(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), read);
    assertThat(lines).isEqualTo(1);
    return read;
  }

  private <T> T maybe(Supplier<T> value) {
    return random.nextBoolean() ? value.get() : null;
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)] + TEXTS[random.nextInt(TEXTS.length)];
  }

  private String someText() {
    return text() + "x";
  }

  /** Around the borders of 32 bits and of exact doubles too. */
  private long number() {
    long border = 1L << random.nextInt(63);
    return border - random.nextInt(2);
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      texts.put(text(), maybe(this::text));
    }
    return texts;
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      names.add(text());
    }
    return names;
  }

  private Protocol protocol() {
    return new Protocol(
        1 + random.nextInt(4), random.nextInt(9), names(), names(), maybe(this::number));
  }

  @ParameterizedTest
  @EnumSource
  void protocolsComeBack(ResponseFormat format) throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      Protocol sent = protocol();
      Protocol expected =
          format == ResponseFormat.PARQUET
              ? new Protocol(1, 0, Set.of())
              : new Protocol(
                  sent.minReaderVersion(),
                  sent.minWriterVersion(),
                  sent.minReaderVersion() < 3 ? Set.of() : sent.readerFeatures(),
                  // A reader of tables skips what only writers of tables need.
                  Set.of(),
                  sent.version());
      assertThat(roundTrip(format, lines -> lines.protocol(sent)).protocols)
          .containsExactly(expected);
    }
  }

  private Metadata metadata() {
    return new Metadata(
        text(),
        maybe(this::text),
        maybe(this::text),
        new Metadata.FileFormat(text(), texts()),
        text(),
        List.copyOf(names()),
        texts(),
        maybe(this::number),
        maybe(this::number),
        maybe(this::number),
        maybe(this::number),
        new TableAccess(List.copyOf(names()), maybe(() -> "s3://" + text()), List.copyOf(names())));
  }

  @ParameterizedTest
  @EnumSource
  void metadataComesBack(ResponseFormat format) throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      Metadata sent = metadata();
      Map<String, String> properties = new HashMap<>(sent.configuration());
      // A property that is null is one that is not set.
      properties.values().removeIf(value -> value == null);
      Metadata expected =
          new Metadata(
              sent.id(),
              sent.name(),
              sent.description(),
              sent.fileFormat(),
              sent.schemaString(),
              sent.partitionColumns(),
              properties,
              format == ResponseFormat.PARQUET ? null : sent.createdTime(),
              sent.version(),
              sent.size(),
              sent.numFiles(),
              sent.access());
      assertThat(roundTrip(format, lines -> lines.metadata(sent)).metadata)
          .containsExactly(expected);
    }
  }

  private DeletionVectorDescriptor vector() {
    return new DeletionVectorDescriptor(
            random.nextBoolean() ? "p" : "i",
            text(),
            maybe(() -> (int) number() & Integer.MAX_VALUE),
            (int) number() & Integer.MAX_VALUE,
            number())
        .withFileId(maybe(this::text));
  }

  private ChangeFile file(ChangeFile.Kind kind) {
    AddFile file =
        new AddFile(
                text(),
                text(),
                number(),
                texts(),
                maybe(this::text),
                maybe(this::number),
                maybe(this::number),
                maybe(this::number),
                maybe(this::vector))
            .modifiedAt(maybe(this::number));
    return new ChangeFile(kind, file, random.nextBoolean());
  }

  private static ChangeFile.Kind kind(int i) {
    return ChangeFile.Kind.values()[i % ChangeFile.Kind.values().length];
  }

  @ParameterizedTest
  @EnumSource
  void filesOfASnapshotComeBack(ResponseFormat format) throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      ChangeFile sent = file(ChangeFile.Kind.ADD);
      assertComesBack(format, sent, roundTrip(format, lines -> lines.file(sent)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesOfCommitsComeBack(ResponseFormat format) throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      ChangeFile sent = file(kind(i));
      assertComesBack(format, sent, roundTrip(format, lines -> lines.change(sent)));
    }
  }

  private static void assertComesBack(ResponseFormat format, ChangeFile sent, Read read) {
    assertThat(read.files).hasSize(1);
    ChangeFile back = read.files.get(0);
    AddFile file = sent.file();
    boolean delta = format == ResponseFormat.DELTA;
    boolean rowsOnly = delta && sent.kind() == ChangeFile.Kind.CDC;
    DeletionVectorDescriptor vector = delta && !rowsOnly ? file.deletionVector() : null;
    assertThat(back.kind()).isEqualTo(sent.kind());
    assertThat(back.dataChange()).isEqualTo(rowsOnly ? false : !delta || sent.dataChange());
    assertThat(back.file())
        .isEqualTo(
            new AddFile(
                file.url(),
                file.id(),
                file.size(),
                file.partitionValues(),
                rowsOnly ? null : file.stats(),
                file.version(),
                file.timestamp(),
                file.expirationTimestamp(),
                vector));
    assertThat(back.file().modificationTime())
        .isEqualTo(
            delta && sent.kind() == ChangeFile.Kind.ADD
                ? file.modificationTime()
                : file.timestamp());
    assertThat(back.file().deletionVector() == null ? null : back.file().deletionVector().fileId())
        .isEqualTo(vector == null ? null : vector.fileId());
  }

  @ParameterizedTest
  @EnumSource
  void endsAndStatusesComeBack(ResponseFormat format) throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      EndStreamAction end =
          new EndStreamAction(
              maybe(this::someText),
              maybe(this::someText),
              maybe(this::number),
              maybe(this::someText),
              maybe(() -> random.nextInt(600)));
      assertThat(roundTrip(format, lines -> lines.endStream(end)).ends).containsExactly(end);
      QueryStatus status =
          new QueryStatus(someText(), maybe(this::someText), maybe(this::someText));
      assertThat(roundTrip(format, lines -> lines.queryStatus(status)).statuses)
          .containsExactly(status);
    }
  }

  @Test
  void theParquetFormatIsWrittenInThisOrder() throws Exception {
    assertLines(
        ResponseFormat.PARQUET,
        """
        {"protocol":{"minReaderVersion":1}}
        {"metaData":{"id":"m","name":"n","description":"d","format":{"provider":"parquet","options":{"k":"v"}},"schemaString":"{}","partitionColumns":["p"],"configuration":{"b":"1","a":null},"version":7,"size":9,"numFiles":1,"accessModes":["url"]}}
        {"file":{"url":"u?a=1&b=\\"","id":"f","partitionValues":{"p":null},"size":5,"stats":"{\\"numRecords\\":1}","version":7,"timestamp":8,"expirationTimestamp":9}}
        {"add":{"url":"u?a=1&b=\\"","id":"f","partitionValues":{"p":null},"size":5,"stats":"{\\"numRecords\\":1}","version":7,"timestamp":8,"expirationTimestamp":9}}
        {"remove":{"url":"u?a=1&b=\\"","id":"f","partitionValues":{"p":null},"size":5,"stats":"{\\"numRecords\\":1}","version":7,"timestamp":8,"expirationTimestamp":9}}
        {"cdf":{"url":"u?a=1&b=\\"","id":"f","partitionValues":{"p":null},"size":5,"stats":"{\\"numRecords\\":1}","version":7,"timestamp":8,"expirationTimestamp":9}}
        """);
  }

  @Test
  void theDeltaFormatIsWrittenInThisOrder() throws Exception {
    assertLines(
        ResponseFormat.DELTA,
        """
        {"protocol":{"version":4,"deltaProtocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["r"],"writerFeatures":["r","w"]}}}
        {"metaData":{"version":7,"size":9,"numFiles":1,"accessModes":["url"],"deltaMetadata":{"id":"m","name":"n","description":"d","format":{"provider":"parquet","options":{"k":"v"}},"schemaString":"{}","partitionColumns":["p"],"configuration":{"b":"1","a":null},"createdTime":6}}}
        {"file":{"id":"f","deletionVectorFileId":"v","version":7,"timestamp":8,"expirationTimestamp":9,"deltaSingleAction":{"add":{"path":"u?a=1&b=\\"","partitionValues":{"p":null},"size":5,"modificationTime":3,"dataChange":true,"stats":"{\\"numRecords\\":1}","deletionVector":{"storageType":"p","pathOrInlineDv":"w","offset":1,"sizeInBytes":34,"cardinality":2}}}}}
        {"file":{"id":"f","deletionVectorFileId":"v","version":7,"timestamp":8,"expirationTimestamp":9,"deltaSingleAction":{"add":{"path":"u?a=1&b=\\"","partitionValues":{"p":null},"size":5,"modificationTime":3,"dataChange":true,"stats":"{\\"numRecords\\":1}","deletionVector":{"storageType":"p","pathOrInlineDv":"w","offset":1,"sizeInBytes":34,"cardinality":2}}}}}
        {"file":{"id":"f","deletionVectorFileId":"v","version":7,"timestamp":8,"expirationTimestamp":9,"deltaSingleAction":{"remove":{"path":"u?a=1&b=\\"","partitionValues":{"p":null},"size":5,"deletionTimestamp":3,"extendedFileMetadata":true,"dataChange":true,"stats":"{\\"numRecords\\":1}","deletionVector":{"storageType":"p","pathOrInlineDv":"w","offset":1,"sizeInBytes":34,"cardinality":2}}}}}
        {"file":{"id":"f","version":7,"timestamp":8,"expirationTimestamp":9,"deltaSingleAction":{"cdc":{"path":"u?a=1&b=\\"","partitionValues":{"p":null},"size":5,"dataChange":false}}}}
        """);
  }

  private static void assertLines(ResponseFormat format, String expected) throws IOException {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("b", "1");
    properties.put("a", null);
    Metadata metadata =
        new Metadata(
            "m",
            "n",
            "d",
            new Metadata.FileFormat("parquet", Map.of("k", "v")),
            "{}",
            List.of("p"),
            properties,
            6L,
            7L,
            9L,
            1L,
            TableAccess.of("url"));
    Map<String, String> partition = new HashMap<>();
    partition.put("p", null);
    AddFile file =
        new AddFile(
                "u?a=1&b=\"",
                "f",
                5,
                partition,
                "{\"numRecords\":1}",
                7L,
                8L,
                9L,
                new DeletionVectorDescriptor("p", "w", 1, 34, 2).withFileId("v"))
            .modifiedAt(3L);
    Set<String> writerFeatures = new LinkedHashSet<>(List.of("r", "w"));
    assertThat(
            written(
                format,
                lines -> {
                  lines.protocol(new Protocol(3, 7, Set.of("r"), writerFeatures, 4L));
                  lines.metadata(metadata);
                  lines.file(new ChangeFile(ChangeFile.Kind.ADD, file, true));
                  for (ChangeFile.Kind kind : ChangeFile.Kind.values()) {
                    lines.change(new ChangeFile(kind, file, true));
                  }
                }))
        .isEqualTo(expected);
  }

  @Test
  void theStreamIsLeftOpenForItsOwner() throws Exception {
    boolean[] closed = {false};
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    try (ActionWriter lines = new ActionWriter(out, ResponseFormat.DELTA)) {
      lines.endStream(EndStreamAction.empty());
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"endStreamAction\":{}}\n");
    assertThat(closed[0]).isFalse();
  }
}
