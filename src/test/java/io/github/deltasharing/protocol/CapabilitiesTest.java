/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class CapabilitiesTest {
  @Test
  void anOfferNamesFormatsThenSortedFeaturesThenTheEndStreamAction() {
    Capabilities offer =
        new Capabilities(
            List.of(ResponseFormat.PARQUET, ResponseFormat.DELTA),
            Set.of("timestampntz", "columnmapping", "deletionvectors"),
            true,
            false);
    assertThat(offer.toHeader())
        .isEqualTo(
            "responseformat=parquet,delta;readerfeatures=columnmapping,deletionvectors,timestampntz;includeendstreamaction=true");
  }

  @Test
  void featuresAreNotOfferedWhereOnlyParquetIsAskedFor() {
    assertThat(
            new Capabilities(List.of(ResponseFormat.PARQUET), Set.of("timestampntz"), true, false)
                .toHeader())
        .isEqualTo("responseformat=parquet;includeendstreamaction=true");
  }

  @Test
  void withoutFeaturesThatPartIsLeftOut() {
    assertThat(new Capabilities(List.of(ResponseFormat.DELTA), Set.of(), true, false).toHeader())
        .isEqualTo("responseformat=delta;includeendstreamaction=true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "null | PARQUET | false",
        "'' | PARQUET | false",
        "responseformat=delta | DELTA | false",
        "responseFormat=Delta;includeEndStreamAction=TRUE | DELTA | true",
        " includeendstreamaction = true ; responseformat = parquet | PARQUET | true",
        "responseformat=delta;readerfeatures=a,b;fileidhash=delta;x;=;; | DELTA | false",
        "includeendstreamaction=false | PARQUET | false",
        "includeendstreamaction | PARQUET | false"
      })
  void anAnswersHeaderIsReadInAnyCaseAndOrder(String header, ResponseFormat format, boolean end) {
    Capabilities answer = Capabilities.ofResponse(header);
    assertThat(answer.format()).isEqualTo(format);
    assertThat(answer.endStreamAction()).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PARQUET | '' | true | false",
        "DELTA | a,b | false | true",
        "PARQUET,DELTA | columnmapping | true | true",
        "DELTA | '' | false | false"
      })
  void whatAClientOffersTheServerReads(
      String formats, String features, boolean end, boolean async) {
    Capabilities offer =
        new Capabilities(
            Arrays.stream(formats.split(",")).map(ResponseFormat::valueOf).toList(),
            features.isEmpty() ? Set.of() : Set.of(features.split(",")),
            end,
            async);
    assertThat(Capabilities.ofRequest(offer.toHeader())).isEqualTo(offer);
    assertThat(Capabilities.ofResponse(offer.toResponseHeader(ResponseFormat.DELTA)))
        .isEqualTo(new Capabilities(List.of(ResponseFormat.DELTA), Set.of(), end, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "null | parquet",
        "'' | parquet",
        "includeEndStreamAction=true | parquet",
        "responseFormat= Delta , avro | delta",
        "responseformat=delta;newcapability=1;flag;=;x= | delta"
      })
  void aRequestsHeaderIsReadInAnyCaseWithWhatIsNotKnown(String header, String format) {
    assertThat(Capabilities.ofRequest(header).format().wireName()).isEqualTo(format);
  }

  @Test
  void aRequestThatNamesNoFormatThatThereIsIsRefused() {
    assertThatThrownBy(() -> Capabilities.ofRequest("responseformat=avro"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "responseformat is [avro] in the delta-sharing-capabilities header: it must be parquet,"
                + " delta or both");
  }

  @Test
  void aPendingResponseNamesNoFormat() {
    assertThat(Capabilities.toPendingHeader()).isEqualTo("asyncquery=true");
  }
}
