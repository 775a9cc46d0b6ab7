/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.deltasharing.protocol.AddFile;
import io.github.deltasharing.protocol.ChangeFile;
import io.github.deltasharing.protocol.DeletionVectorDescriptor;
import io.github.deltasharing.protocol.EndStreamAction;
import io.github.deltasharing.protocol.Metadata;
import io.github.deltasharing.protocol.Protocol;
import io.github.deltasharing.protocol.TableAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class ActionParserTest {
  private static final String SIGNED = "https://store.example/f.parquet?X-Amz-Signature=canary";

  /** Keeps what it is handed. */
  private static final class Seen implements ActionHandler {
    final List<Protocol> protocols = new ArrayList<>();
    final List<Metadata> metadata = new ArrayList<>();
    final List<AddFile> files = new ArrayList<>();
    final List<ChangeFile> changes = new ArrayList<>();
    final List<EndStreamAction> ends = new ArrayList<>();
    long lines;

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
      changes.add(value);
      if (value.kind() == ChangeFile.Kind.ADD) {
        files.add(value.file());
      }
    }

    @Override
    public void endStream(EndStreamAction value) {
      ends.add(value);
    }
  }

  private static Seen parse(String text) throws IOException, MalformedResponseException {
    return parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Seen parse(InputStream in) throws IOException, MalformedResponseException {
    Seen seen = new Seen();
    seen.lines = ActionParser.parse(in, seen);
    return seen;
  }

  private static Seen fixture(String name) throws IOException, MalformedResponseException {
    try (InputStream in = ActionParserTest.class.getResourceAsStream("/protocol/" + name)) {
      return parse(in);
    }
  }

  private static MalformedResponseException refused(String text) {
    MalformedResponseException e =
        catchThrowableOfType(MalformedResponseException.class, () -> parse(text));
    assertThat(e).as("refusal of %s", text).isNotNull();
    for (Throwable t = e; t != null; t = t.getCause()) {
      assertThat(t.getMessage()).doesNotContain("canary").doesNotContain("store.example");
    }
    return e;
  }

  @Test
  void accessModesAreReadInBothDialects() throws Exception {
    String fields = "\"id\":\"m\",\"format\":{},\"schemaString\":\"{}\",\"partitionColumns\":[]";
    Seen seen =
        parse(
            "{\"metaData\":{"
                + fields
                + ",\"accessModes\":[\"url\",\"dir\"]}}\n"
                + "{\"metaData\":{\"accessModes\":[\"dir\"],\"deltaMetadata\":{"
                + fields
                + "}}}\n"
                + "{\"metaData\":{"
                + fields
                + "}}");
    assertThat(seen.metadata)
        .extracting(Metadata::accessModes)
        .containsExactly(List.of("url", "dir"), List.of("dir"), List.of());
  }

  @Test
  void theStatusOfAFailureInTheMidstIsRead() throws Exception {
    Seen seen =
        parse("{\"endStreamAction\":{\"errorMessage\":\"no\",\"httpStatusErrorCode\":503}}");
    assertThat(seen.ends).containsExactly(new EndStreamAction(null, null, null, "no", 503));
  }

  @Test
  void readsTheParquetDialectsSnapshot() throws Exception {
    Seen seen = fixture("snapshot-parquet.ndjson");
    assertThat(seen.lines).isEqualTo(5);
    assertThat(seen.protocols).containsExactly(new Protocol(1, 0, Set.of()));
    Metadata metadata = seen.metadata.get(0);
    assertThat(metadata.id()).isEqualTo("f8d5c169-3d01-4ca3-ad9e-7dc3355aedb2");
    assertThat(metadata.provider()).isEqualTo("parquet");
    assertThat(metadata.schemaString()).startsWith("{\"type\":\"struct\"").endsWith("}");
    assertThat(metadata.partitionColumns()).containsExactly("date");
    assertThat(metadata.configuration()).isEqualTo(Map.of("enableChangeDataFeed", "true"));
    assertThat(metadata.version()).isNull();
    assertThat(metadata.size()).isEqualTo(123456);
    assertThat(metadata.numFiles()).isEqualTo(5);
    assertThat(seen.files).hasSize(2);
    AddFile first = seen.files.get(0);
    assertThat(first.id()).isEqualTo("8b0086f2-7b27-4935-ac5a-8ed6215a6640");
    assertThat(first.url()).contains("part-00000-8b0086f2").endsWith("?X-Amz-Signature=canary");
    assertThat(first.size()).isEqualTo(573);
    assertThat(first.partitionValues()).isEqualTo(Map.of("date", "2021-04-28"));
    assertThat(first.stats()).startsWith("{\"numRecords\":1,");
    assertThat(first.expirationTimestamp()).isNull();
    assertThat(first.deletionVector()).isNull();
    assertThat(seen.files.get(1).expirationTimestamp()).isEqualTo(1652140800000L);
    assertThat(seen.ends)
        .containsExactly(
            new EndStreamAction("Server-Encoded-Refresh-Token", null, 1652140800000L, null, null));
  }

  @Test
  void readsTheDeltaDialectIntoTheSameModel() throws Exception {
    Seen delta = fixture("snapshot-delta.ndjson");
    Seen parquet = fixture("snapshot-parquet.ndjson");
    assertThat(delta.lines).isEqualTo(4);
    assertThat(delta.protocols).containsExactly(new Protocol(3, 7, Set.of("columnMapping"), 5L));
    Metadata m = parquet.metadata.get(0);
    assertThat(delta.metadata)
        .containsExactly(
            m.served(
                20L,
                m.size(),
                m.numFiles(),
                new TableAccess(
                    List.of("url", "dir"),
                    "s3://delta-share-demo/tables/table1",
                    List.of("s3://delta-share-demo/tables/table1-aux1"))));
    assertThat(delta.files).containsExactly(parquet.files.get(1));
    assertThat(delta.ends).isEqualTo(parquet.ends);
  }

  @Test
  void readsDeletionVectorsWithAndWithoutTheirFileId() throws Exception {
    List<AddFile> files = fixture("deletion-vectors-delta.ndjson").files;
    String url =
        "https://bucket.s3.us-west-2.amazonaws.com/table/deletion_vector_1.bin?X-Amz-Signature=canary";
    assertThat(files)
        .extracting(AddFile::deletionVector)
        .containsExactly(
            new DeletionVectorDescriptor("p", url, 1, 34, 2),
            new DeletionVectorDescriptor("p", url, 45, 36, 3),
            new DeletionVectorDescriptor(
                "i", "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", null, 40, 6));
  }

  @Test
  void nothingReadPrintsASignedUrlOrAToken() throws Exception {
    Seen seen = fixture("deletion-vectors-delta.ndjson");
    EndStreamAction end = new EndStreamAction("canary", "canary", null, null, null);
    for (AddFile file : seen.files) {
      assertThat(file.toString()).doesNotContain("canary").contains(file.id());
      assertThat(file.deletionVector().toString()).doesNotContain("canary");
    }
    assertThat(end.toString()).doesNotContain("canary").contains("morePages=true");
  }

  @Test
  void unknownLinesAndFieldsAreSkippedWhateverTheyHold() throws Exception {
    Seen seen =
        parse(
            """
            {"queryStatus":{"queryId":"q","deep":[{"a":[1,{"b":null}]}]}}
            {"protocol":{"minReaderVersion":1,"news":{"minReaderVersion":9}}}
            {"metaData":{"id":"m","new":[[],{}],"schemaString":"{}","format":{"provider":"parquet","options":{"x":"y"}}}}
            {"file":{"url":"u","id":"1","size":5,"tags":{"id":"wrong"},"clustering":[1,2]}}
            {}
            {"endStreamAction":{"novelty":{"refreshToken":"wrong"}}}
            """);
    assertThat(seen.lines).isEqualTo(6);
    assertThat(seen.protocols).containsExactly(new Protocol(1, 0, Set.of()));
    assertThat(seen.metadata).extracting(Metadata::id).containsExactly("m");
    assertThat(seen.files).extracting(AddFile::id).containsExactly("1");
    assertThat(seen.ends).containsExactly(new EndStreamAction(null, null, null, null, null));
  }

  @Test
  void nullsStandForAbsence() throws Exception {
    Seen seen =
        parse(
            """
            {"protocol":null,"metaData":null,"file":null,"endStreamAction":null}
            {"protocol":{"deltaProtocol":{"minReaderVersion":1,"minWriterVersion":null,"readerFeatures":null}}}
            {"metaData":{"id":"m","name":null,"description":null,"format":{"provider":null},"schemaString":"{}","partitionColumns":null,"configuration":{"a":null,"b":"c"},"version":null,"size":null,"numFiles":null}}
            {"file":{"url":"u","id":"1","size":5,"partitionValues":{"day":null,"n":"1"},"stats":null,"version":null,"timestamp":null,"expirationTimestamp":null,"deletionVector":null}}
            {"endStreamAction":{"refreshToken":null,"nextPageToken":null,"minUrlExpirationTimestamp":null,"errorMessage":null}}
            """);
    assertThat(seen.protocols).containsExactly(new Protocol(1, 0, Set.of()));
    assertThat(seen.metadata)
        .containsExactly(
            new Metadata(
                "m",
                null,
                null,
                "parquet",
                "{}",
                List.of(),
                Map.of("b", "c"),
                null,
                null,
                null,
                List.of()));
    assertThat(seen.files).hasSize(1);
    assertThat(seen.files.get(0).partitionValues())
        .hasSize(2)
        .containsEntry("day", null)
        .containsEntry("n", "1");
    assertThat(seen.files.get(0).stats()).isNull();
    assertThat(seen.ends).containsExactly(new EndStreamAction(null, null, null, null, null));
  }

  @Test
  void numbersMayComeAsStrings() throws Exception {
    Seen seen =
        parse(
            """
            {"protocol":{"minReaderVersion":"1"}}
            {"metaData":{"id":"m","schemaString":"{}","version":"7","size":" 8 ","numFiles":"9"}}
            {"file":{"url":"u","id":"1","size":"3000000000","version":"7","timestamp":"1652140800000","expirationTimestamp":"1652144400000"}}
            """);
    assertThat(seen.protocols).extracting(Protocol::minReaderVersion).containsExactly(1);
    Metadata metadata = seen.metadata.get(0);
    assertThat(List.of(metadata.version(), metadata.size(), metadata.numFiles()))
        .containsExactly(7L, 8L, 9L);
    AddFile file = seen.files.get(0);
    assertThat(List.of(file.size(), file.version(), file.timestamp(), file.expirationTimestamp()))
        .containsExactly(3000000000L, 7L, 1652140800000L, 1652144400000L);
  }

  @Test
  void aVersionBeyondAnIntegerIsNotReadAsASmallOne() {
    MalformedResponseException e = refused("{\"protocol\":{\"minReaderVersion\":4294967297}}");
    assertThat(e).hasMessageContaining("minReaderVersion");
  }

  @Test
  void changesAreReadAlikeFromBothDialects() throws Exception {
    Seen delta =
        parse(
            """
            {"file":{"id":"1","version":7,"timestamp":9,"deltaSingleAction":{"add":null,"remove":{"path":"u","size":1,"partitionValues":{"p":"x"},"dataChange":true}}}}
            {"file":{"id":"2","version":7,"timestamp":9,"deltaSingleAction":{"cdc":{"path":"u","size":1,"partitionValues":{},"dataChange":false}}}}
            {"file":{"id":"3","version":8,"timestamp":9,"deltaSingleAction":{"remove":null,"add":{"path":"u","size":1,"partitionValues":{},"dataChange":true}}}}
            """);
    Seen parquet =
        parse(
            """
            {"remove":{"url":"u","id":"1","size":1,"partitionValues":{"p":"x"},"version":7,"timestamp":9}}
            {"cdf":{"url":"u","id":"2","size":1,"partitionValues":{},"version":7,"timestamp":9}}
            {"add":{"url":"u","id":"3","size":1,"partitionValues":{},"version":8,"timestamp":9}}
            """);
    assertThat(delta.changes)
        .extracting(ChangeFile::kind)
        .containsExactly(ChangeFile.Kind.REMOVE, ChangeFile.Kind.CDC, ChangeFile.Kind.ADD);
    assertThat(delta.changes).extracting(ChangeFile::dataChange).containsExactly(true, false, true);
    assertThat(delta.changes)
        .extracting(ChangeFile::file)
        .isEqualTo(parquet.changes.stream().map(ChangeFile::file).toList());
    assertThat(parquet.changes)
        .extracting(ChangeFile::kind)
        .isEqualTo(delta.changes.stream().map(ChangeFile::kind).toList());
  }

  @Test
  void aRemovedFileMayHaveNeitherSizeNorPartitionValues() throws Exception {
    Seen seen =
        parse(
            "{\"file\":{\"id\":\"1\",\"deltaSingleAction\":{\"remove\":{\"path\":\"u\",\"partitionValues\":null}}}}");
    AddFile file = seen.changes.get(0).file();
    assertThat(file.size()).isZero();
    assertThat(file.partitionValues()).isEmpty();
  }

  @Test
  void aProtocolOfALaterVersionSaysWhich() throws Exception {
    Seen seen =
        parse(
            "{\"protocol\":{\"version\":5,\"deltaProtocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7}}}");
    assertThat(seen.protocols).containsExactly(new Protocol(3, 7, Set.of(), 5L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"file\":{\"id\":\"1\",\"url\":\"" + SIGNED,
        "{\"file\":{\"id\":\"1\",\"url\":\"" + SIGNED + "\"",
        "{\"file\":{\"id\":\"1\",\"url\":\"" + SIGNED + "\",\"si",
        "{",
        "{\"file\":{\"id\":\"caf\u00e9\\u00",
        "{\"file\":{\"id\":\"1\",\"stats\":nu",
        "{\"file\":{\"id\":\"1\",\"stats\":t",
        "{\"file\":{\"id\":\"1\",\"size\":-",
        "{\"file\":{\"id\":\"1\",\"size\":12",
        "{\"file\":{\"id\":\"1\",\"size\":1.",
        "{\"file\":{\"id\":\"1\",\"size\":1e",
        "{\"file\":{\"id\":\"1\",\"stats\":\"{\\",
        "{\"unknown\":[1,fal"
      })
  void halfALineIsAnAnswerThatBrokeOff(String half) {
    MalformedResponseException e = refused("{\"protocol\":{\"minReaderVersion\":1}}\n" + half);
    assertThat(e).hasMessage("the response ends in the middle of line 2");
    assertThat(e.brokenOff()).isTrue();
  }

  @Test
  void everyPlaceWhereALineMayBreakIsTold() {
    String line =
        "{\"file\":{\"id\":\"1\",\"url\":\"caf\u00e9\\u00e9\",\"size\":12,\"stats\":null,\"x\":[true,-1.5e3]}}";
    byte[] whole = ("{}\n" + line).getBytes(StandardCharsets.UTF_8);
    for (int end = 4; end < whole.length; end++) {
      InputStream cut = new ByteArrayInputStream(whole, 0, end);
      MalformedResponseException e =
          catchThrowableOfType(MalformedResponseException.class, () -> parse(cut));
      assertThat(e).as("cut after %s bytes", end).isNotNull();
      assertThat(e.brokenOff()).as("cut after %s bytes", end).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "nu", "<html"})
  void aBareWordAtTheEndIsNoHalfAnswer(String text) {
    assertThat(refused(text).brokenOff()).isFalse();
    assertThat(refused("{}\n" + text).brokenOff()).isFalse();
  }

  @Test
  void htmlIsCalledHtml() {
    MalformedResponseException e =
        refused("<!DOCTYPE html><html><body>canary: sign in</body></html>");
    assertThat(e).hasMessageContaining("not JSON at line 1").hasMessageContaining("HTML");
    assertThat(e.brokenOff()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "canary text, no JSON | not JSON at line 2",
        "{\"file\": canary} | not JSON at line 2",
        "{\"file\":{\"url\":\"https://store.example/canary\",} | not JSON at line 2",
        "[\"https://store.example/canary\"] | line 2 of the response is not a JSON object",
        "\"https://store.example/canary\" | line 2 of the response is not a JSON object"
      })
  void whatIsNoJsonObjectIsRefusedByItsLine(String line, String reason) {
    MalformedResponseException e =
        refused("{\"protocol\":{\"minReaderVersion\":1}}\n" + line + "\n{}\n");
    assertThat(e).hasMessageContaining(reason);
    assertThat(e.brokenOff()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"protocol\":{}} | 'protocol' has no 'minReaderVersion'",
        "{\"protocol\":\"canary\"} | 'protocol' has no 'minReaderVersion'",
        "{\"metaData\":{\"schemaString\":\"{}\"}} | 'metaData' has no 'id'",
        "{\"metaData\":{\"id\":\"1\"}} | 'metaData' has no 'schemaString'",
        "{\"file\":{\"id\":\"1\",\"size\":1}} | 'file' has no 'url'",
        "{\"file\":{\"url\":\"https://store.example/canary\",\"size\":1}} | 'file' has no 'id'",
        "{\"file\":{\"url\":\"https://store.example/canary\",\"id\":\"1\"}} | 'file' has no 'size'",
        "{\"file\":{\"url\":\"https://store.example/canary\",\"id\":\"1\",\"size\":\"canary\"}} | 'file' has no 'size'",
        "{\"file\":{\"url\":\"u\",\"id\":\"1\",\"size\":1,\"deletionVector\":{}}} | 'deletionVector' has no 'storageType'"
      })
  void aMissingRequiredFieldIsNamed(String line, String reason) {
    MalformedResponseException e = refused("{}\n" + line);
    assertThat(e).hasMessage("line 2 of the response: " + reason);
    assertThat(e.brokenOff()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \r\n\n"})
  void anEmptyAnswerHasNoLines(String text) throws Exception {
    assertThat(parse(text).lines).isZero();
  }

  @Test
  void theAnswersStreamIsLeftOpenForItsOwner() throws Exception {
    boolean[] closed = {false};
    InputStream in =
        new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    parse(in);
    assertThat(closed[0]).isFalse();
  }

  @Test
  void hundredThousandLinesAreHandedOnWhileTheyArrive() throws Exception {
    int lines = 100_000;
    GeneratedAnswer answer = new GeneratedAnswer(lines);
    long[] handedOn = {0};
    long[] mostBehind = {0};
    long read =
        ActionParser.parse(
            answer,
            new ActionHandler() {
              @Override
              public void file(ChangeFile file) {
                assertThat(file.file().id()).isEqualTo("" + handedOn[0]);
                handedOn[0]++;
                mostBehind[0] = Math.max(mostBehind[0], answer.generated - handedOn[0]);
              }
            });
    assertThat(read).isEqualTo(lines);
    assertThat(handedOn[0]).isEqualTo(lines);
    assertThat(mostBehind[0]).as("lines read ahead and held").isLessThan(200);
  }

  /** Makes its lines as they are read. */
  private static final class GeneratedAnswer extends InputStream {
    private final int lines;
    private byte[] line = new byte[0];
    private int at;
    int generated;

    GeneratedAnswer(int lines) {
      this.lines = lines;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (at == line.length) {
        if (generated == lines) {
          return -1;
        }
        String stats = "x".repeat(200);
        line =
            ("{\"file\":{\"url\":\"u\",\"id\":\""
                    + generated
                    + "\",\"size\":1,\"stats\":\""
                    + stats
                    + "\"}}\n")
                .getBytes(StandardCharsets.UTF_8);
        at = 0;
        generated++;
      }
      byte[] part = Arrays.copyOfRange(line, at, Math.min(line.length, at + length));
      System.arraycopy(part, 0, buffer, offset, part.length);
      at += part.length;
      return part.length;
    }
  }
}
