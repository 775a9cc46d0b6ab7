/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.deltasharing.presign.UserDelegationKey;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Asks Azure for keys: an access token for the application, and with it a key of the storage
 * account ("Get User Delegation Key"). Safe for use by several threads.
 */
final class AzureKeyRequests {
  private static final String VERSION = "2020-12-06";
  private static final String STORAGE = "https://storage.azure.com/";

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** Azure's clock may be behind ours. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String account;
  private final URI blobs;
  private final AzureApplication application;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          // A token or a secret is for nobody else.
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * Creates what asks.
   *
   * @param blobs the account's endpoint for blobs
   */
  AzureKeyRequests(String account, URI blobs, AzureApplication application) {
    this.account = account;
    this.blobs = blobs;
    this.application = application;
  }

  /** A key that is valid from now on until then. */
  UserDelegationKey request(Instant now, Instant end) throws IOException, InterruptedException {
    Instant start = now.minus(SKEW).truncatedTo(ChronoUnit.SECONDS);
    String body =
        "<?xml version=\"1.0\"?><KeyInfo><Start>%s</Start><Expiry>%s</Expiry></KeyInfo>"
            .formatted(start, end.truncatedTo(ChronoUnit.SECONDS));
    HttpRequest request =
        request(URI.create(blobs + "/?restype=service&comp=userdelegationkey"))
            .header("Authorization", "Bearer " + token())
            .header("x-ms-version", VERSION)
            .header("x-ms-date", DATE.format(now))
            .POST(BodyPublishers.ofString(body))
            .build();
    return key(send(request));
  }

  /** As Hadoop's file system of Azure gets one, by the two versions of Azure's endpoint. */
  private String token() throws IOException, InterruptedException {
    boolean second = application.tokenEndpoint().getPath().contains("/oauth2/v2.0/");
    String form =
        "grant_type=client_credentials&client_id=%s&client_secret=%s&%s"
            .formatted(
                encoded(application.id()),
                encoded(application.secret()),
                second ? "scope=" + encoded(STORAGE + ".default") : "resource=" + encoded(STORAGE));
    HttpRequest request =
        request(application.tokenEndpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    String token;
    try {
      token = JSON.readTree(send(request)).path("access_token").asText();
    } catch (JacksonException e) {
      token = "";
    }
    if (token.isEmpty()) {
      throw new IOException(application.tokenEndpoint() + " sent no access_token");
    }
    return token;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(TIMEOUT);
  }

  /** The response's text; what went wrong is said without any of it. */
  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString(UTF_8));
    if (response.statusCode() != 200) {
      throw new IOException(
          request.uri()
              + " responded with status "
              + response.statusCode()
              + response.headers().firstValue("x-ms-error-code").map(c -> ", " + c).orElse("")
              + response.headers().firstValue("x-ms-request-id").map(i -> ", " + i).orElse(""));
    }
    return response.body();
  }

  private UserDelegationKey key(String xml) throws IOException {
    Map<String, String> fields = fields(xml);
    try {
      return new UserDelegationKey(
          account,
          fields.getOrDefault("SignedOid", ""),
          fields.getOrDefault("SignedTid", ""),
          Instant.parse(fields.getOrDefault("SignedStart", "")),
          Instant.parse(fields.getOrDefault("SignedExpiry", "")),
          fields.getOrDefault("SignedService", ""),
          fields.getOrDefault("SignedVersion", ""),
          fields.getOrDefault("Value", ""));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IOException(blobs + " sent a key that cannot be read", e);
    }
  }

  /** The elements that hold text only. */
  private Map<String, String> fields(String xml) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    Map<String, String> fields = new HashMap<>();
    try {
      XMLStreamReader reader =
          factory.createXMLStreamReader(new StringReader(xml.replaceFirst("^\ufeff", "")));
      String name = "";
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          name = reader.getLocalName();
        } else if (event == XMLStreamConstants.CHARACTERS && !reader.isWhiteSpace()) {
          fields.put(name, reader.getText().strip());
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException(blobs + " sent a key that is no XML");
    }
    return fields;
  }
}
