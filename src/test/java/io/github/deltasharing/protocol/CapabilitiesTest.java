package io.github.deltasharing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

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
}
