/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.presign;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.HttpMethod;
import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.auth.BasicSessionCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.GeneratePresignedUrlRequest;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Amazon's own SDK is the judge: for random buckets, keys and parameters it must make the same
 * signature at the same time. A failure says the seed, which {@code -Dpresign.seed} gives again.
 */
@Tag("unit")
class S3PresignerJudgedTest {
  private static final String[] PARTS = {
    "a",
    "Z",
    "0",
    "-",
    ".",
    "_",
    "~",
    "/",
    " ",
    "+",
    "%",
    "%20",
    "%2F",
    "=",
    "&",
    "?",
    "#",
    ":",
    ";",
    "@",
    "!",
    "$",
    "'",
    "(",
    ")",
    "*",
    ",",
    "\"",
    "<",
    ">",
    "[",
    "]",
    "\\",
    "^",
    "`",
    "{",
    "|",
    "}",
    "ä",
    "漢",
    "😀",
    "\t",
    "part-00000",
    ".snappy.parquet",
    "_delta_log/"
  };

  private final Random random;
  private final long seed = Long.getLong("presign.seed", System.nanoTime());

  S3PresignerJudgedTest() {
    random = new Random(seed);
  }

  private String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int parts = 1 + random.nextInt(most); parts > 0; parts--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return text.toString();
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  @Test
  void theSdkSignsTheSame() {
    for (int client = 0; client < 12; client++) {
      boolean session = random.nextBoolean();
      boolean pathStyle = random.nextBoolean();
      String region = pick("us-east-1", "eu-central-1", "cn-north-1", "ap-southeast-4");
      String endpoint =
          pick("https://s3.example.com", "http://localhost:9000", "https://st.io:444");
      S3Credentials credentials =
          new S3Credentials(
              "AKIAIOSFODNN7EXAMPLE",
              "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
              session ? Optional.of("Fwo/+=" + client) : Optional.empty(),
              Optional.empty());
      AmazonS3 sdk = sdk(credentials, endpoint, region, pathStyle);
      for (int i = 0; i < 100; i++) {
        String bucket = pick("data", "some-data-2", pathStyle ? "my.data" : "data3");
        same(
            sdk,
            new S3Presigner(credentials, StoreEndpoint.of(endpoint, pathStyle), region, bucket),
            bucket,
            text(9));
      }
      sdk.shutdown();
    }
  }

  private static AmazonS3 sdk(
      S3Credentials credentials, String endpoint, String region, boolean pathStyle) {
    AWSCredentials keys =
        credentials.sessionToken().isPresent()
            ? new BasicSessionCredentials(
                credentials.accessKeyId(),
                credentials.secretAccessKey(),
                credentials.sessionToken().get())
            : new BasicAWSCredentials(credentials.accessKeyId(), credentials.secretAccessKey());
    return AmazonS3ClientBuilder.standard()
        .withCredentials(new AWSStaticCredentialsProvider(keys))
        .withEndpointConfiguration(new EndpointConfiguration(endpoint, region))
        .withPathStyleAccessEnabled(pathStyle)
        .build();
  }

  /** The SDK takes the clock's time; what it made of it is read from its URL. */
  private void same(AmazonS3 sdk, S3Presigner presigner, String bucket, String key) {
    HttpMethod method = random.nextBoolean() ? HttpMethod.GET : HttpMethod.HEAD;
    GeneratePresignedUrlRequest request =
        new GeneratePresignedUrlRequest(bucket, key, method)
            .withExpiration(new Date(System.currentTimeMillis() + 1000L * 3600));
    Map<String, String> more = new HashMap<>();
    for (int parameters = random.nextInt(3); parameters > 0; parameters--) {
      // The SDK leaves other names as they are in its URLs, as no name of S3's has to be encoded.
      more.put(
          pick("prefix", "start-after", "versionId", "A~b_c.d", "aws"),
          random.nextInt(8) == 0 ? "" : text(4));
    }
    more.forEach(request::addRequestParameter);
    URL theirs = sdk.generatePresignedUrl(request);
    Map<String, String> their = S3PresignerJudgedTest.parameters(theirs.getQuery());
    String time =
        their.get("X-Amz-Date").replaceFirst("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z");
    String ours =
        presigner
            .start(
                Instant.parse(time), Duration.ofSeconds(Long.parseLong(their.get("X-Amz-Expires"))))
            .sign(method.name(), key, more);
    assertThat(parameters(ours.substring(ours.indexOf('?') + 1)))
        .as("seed %d: %s %s with %s", seed, bucket, key, more)
        .isEqualTo(their);
    // A slash behind a slash is %2F in the SDK's URLs, as some clients would leave it out; it is
    // signed as a slash.
    String path = theirs.getPath().replace("%2F", "/");
    assertThat(ours.substring(0, ours.indexOf('?')))
        .as("seed %d: %s", seed, key)
        .isEqualTo(theirs.getProtocol() + "://" + theirs.getAuthority() + path);
  }

  /** Names and values as they are encoded. */
  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : query.split("&")) {
      String[] parts = parameter.split("=", 2);
      parameters.put(parts[0], parts[1]);
    }
    return parameters;
  }
}
