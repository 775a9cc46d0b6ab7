/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicSessionCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TemporaryCredential;
import io.github.deltasharing.protocol.codec.TemporaryCredentialCodec;
import io.github.deltasharing.server.config.ShareConfig;
import io.github.deltasharing.server.config.StorageConfig;
import io.github.deltasharing.server.config.VendorConfig;
import io.github.deltasharing.server.share.SharedTable;
import io.github.deltasharing.testing.StsMock;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Credentials by an STS that nobody here wrote, tried on its S3. */
@Tag("unit")
class AssumedRoleTest {
  private static StsMock aws;

  @BeforeAll
  static void start() throws Exception {
    aws = StsMock.start();
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  private static ShareConfig config() {
    Map<String, String> hadoop =
        Map.of(
            "fs.s3a.endpoint", aws.endpoint(),
            "fs.s3a.path.style.access", "true",
            "fs.s3a.access.key", aws.accessKeyId(),
            "fs.s3a.secret.key", aws.secretAccessKey());
    VendorConfig vendor =
        new VendorConfig.Sts(
            aws.role(),
            Optional.of(aws.endpoint()),
            Optional.empty(),
            Optional.empty(),
            "share",
            Optional.of(1200));
    return ShareConfig.builder()
        .port(0)
        .allowAnonymous(true)
        .storage(
            new StorageConfig("s3a://" + aws.bucket(), hadoop, Optional.empty())
                .withCredentials(vendor, "url"))
        .table(
            new SharedTable(
                "r",
                "s",
                "orders",
                URI.create("s3a://" + aws.bucket() + "/sales/orders"),
                "",
                true,
                0,
                List.of("url", "dir")))
        .build();
  }

  private static HttpResponse<String> ask(SharingServer server) {
    return new ServerClient(server)
        .post("/shares/r/schemas/s/tables/orders/temporary-table-credentials", "");
  }

  @Test
  void aRecipientReadsTheTablesDirectoryWithIt() throws Exception {
    TemporaryCredential issued;
    try (SharingServer server = SharingServer.start(config())) {
      issued =
          TemporaryCredentialCodec.read(
              new ByteArrayInputStream(ask(server).body().getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(issued.location()).isEqualTo("s3://lake/sales/orders");
    Instant end = Instant.ofEpochMilli(issued.expirationTime());
    assertThat(Duration.between(Instant.now(), end))
        .isBetween(Duration.ofSeconds(1100), Duration.ofSeconds(1300));
    S3Keys keys = (S3Keys) issued.credential();
    assertThat(keys.endpoint()).isEqualTo(aws.endpoint());
    aws.check();
    AmazonS3 recipient = s3(keys, keys.secretAccessKey());
    assertThat(recipient.getObjectAsString("lake", "sales/orders/_delta_log/0.json"))
        .isEqualTo("{}");
    assertThat(recipient.listObjectsV2("lake", "sales/orders/_delta_log/").getKeyCount())
        .isEqualTo(1);
    assertThatThrownBy(() -> recipient.putObject("lake", "sales/orders/x", "x"))
        .isInstanceOfSatisfying(
            AmazonS3Exception.class, e -> assertThat(e.getStatusCode()).isEqualTo(403));
    assertThatThrownBy(
            () -> s3(keys, "another").getObjectAsString("lake", "sales/orders/_delta_log/0.json"))
        .as("signatures are checked")
        .hasMessageContaining("SignatureDoesNotMatch");
    recipient.shutdown();

    String bucket = "arn:aws:s3:::lake";
    assertThat(aws.permits("s3:GetObject", bucket + "/sales/orders/_delta_log/0.json")).isTrue();
    assertThat(aws.permits("s3:ListBucket", bucket)).isTrue();
    assertThat(aws.permits("s3:GetObject", bucket + "/sales/orders-2/_delta_log/0.json")).isFalse();
    assertThat(aws.permits("s3:GetObject", bucket + "2/sales/orders/x")).isFalse();
    for (String action : List.of("s3:PutObject", "s3:DeleteObject", "s3:GetObjectAcl", "iam:X")) {
      assertThat(aws.permits(action, bucket + "/sales/orders/x")).as(action).isFalse();
    }
  }

  private static AmazonS3 s3(S3Keys keys, String secret) {
    return AmazonS3ClientBuilder.standard()
        .withCredentials(
            new AWSStaticCredentialsProvider(
                new BasicSessionCredentials(keys.accessKeyId(), secret, keys.sessionToken())))
        .withEndpointConfiguration(new EndpointConfiguration(keys.endpoint(), keys.region()))
        .withPathStyleAccessEnabled(keys.pathStyleAccess())
        .build();
  }
}
