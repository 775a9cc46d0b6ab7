/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.deltasharing.protocol.StoreCredential;
import io.github.deltasharing.protocol.StoreCredential.AzureSas;
import io.github.deltasharing.protocol.StoreCredential.GcpToken;
import io.github.deltasharing.protocol.StoreCredential.S3Keys;
import io.github.deltasharing.protocol.TemporaryCredential;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes and reads the response with a table's temporary credential (PROTOCOL.md, "Generate
 * Temporary Table Credential"; OpenSharing, "Temporary Credential Models"). What is read is
 * anybody's: it is limited, checked to be fit for headers and URLs, and in no message. Stateless.
 */
public final class TemporaryCredentialCodec {
  /** Bytes of a response. Session tokens are some thousand characters long. */
  static final int LONGEST_RESPONSE = 1 << 20;

  /** Characters of one key, token or place. */
  static final int LONGEST_VALUE = 1 << 16;

  private static final String KIND_NAME = "[A-Za-z][A-Za-z0-9]{0,63}";

  private TemporaryCredentialCodec() {}

  /** The response as JSON. */
  public static ObjectNode write(TemporaryCredential response) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode out = root.putObject(FieldNames.CREDENTIALS);
    put(out, FieldNames.LOCATION, response.location());
    StoreCredential credential = response.credential();
    ObjectNode of = out.putObject(credential.kind());
    if (credential instanceof S3Keys keys) {
      put(of, FieldNames.ACCESS_KEY_ID, keys.accessKeyId());
      put(of, FieldNames.SECRET_ACCESS_KEY, keys.secretAccessKey());
      put(of, FieldNames.SESSION_TOKEN, keys.sessionToken());
      put(of, FieldNames.ENDPOINT, keys.endpoint());
      put(of, FieldNames.REGION, keys.region());
      if (keys.pathStyleAccess() != null) {
        of.put(FieldNames.PATH_STYLE_ACCESS, keys.pathStyleAccess());
      }
    } else if (credential instanceof AzureSas sas) {
      put(of, FieldNames.SAS_TOKEN, sas.sasToken());
    } else if (credential instanceof GcpToken token) {
      put(of, FieldNames.OAUTH_TOKEN, token.oauthToken());
    }
    if (response.expirationTime() != null) {
      out.put(FieldNames.EXPIRATION_TIME, response.expirationTime());
    }
    return root;
  }

  private static void put(ObjectNode out, String name, String text) {
    if (text != null) {
      out.put(name, text);
    }
  }

  /**
   * Reads a response. Does not close it.
   *
   * @throws MalformedResponseException if it is not what the protocol says
   * @throws IOException if reading fails
   */
  public static TemporaryCredential read(InputStream response)
      throws IOException, MalformedResponseException {
    byte[] body = response.readNBytes(LONGEST_RESPONSE + 1);
    if (body.length > LONGEST_RESPONSE) {
      throw malformed("the response is longer than " + LONGEST_RESPONSE + " bytes");
    }
    if (body.length == 0) {
      throw malformed("the response is empty");
    }
    try (JsonParser p = UntrustedJson.FACTORY.createParser(body)) {
      if (p.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the response is not a JSON object");
      }
      return new Decoder(new FieldReader(p)).response();
    } catch (JsonEOFException e) {
      throw new MalformedResponseException("the response ends in the middle of its JSON", true);
    } catch (StreamConstraintsException | InputCoercionException | CharConversionException e) {
      throw malformed("the response is " + UntrustedJson.problem(e));
    } catch (JsonProcessingException e) {
      // Jackson's own message may quote the text.
      throw malformed("the response is not JSON");
    } catch (MissingFieldException e) {
      throw malformed("in the response, " + e.getMessage());
    } catch (IllegalStateException e) {
      throw malformed("the response has names that cannot be read");
    }
  }

  private static MalformedResponseException malformed(String reason) {
    return new MalformedResponseException(reason, false);
  }

  /** Reads one response. */
  private static final class Decoder {
    private final FieldReader in;
    private final List<StoreCredential> credentials = new ArrayList<>();
    private String unknown;
    private String location;
    private Long expiration;

    Decoder(FieldReader in) {
      this.in = in;
    }

    TemporaryCredential response() throws IOException, MalformedResponseException {
      boolean found = false;
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        if (key.equals(FieldNames.CREDENTIALS) && !in.isNull() && in.enterObject()) {
          found = true;
          fields();
        } else {
          in.skip();
        }
      }
      if (!found) {
        throw malformed("the response has no '" + FieldNames.CREDENTIALS + "'");
      }
      if (credentials.isEmpty() && unknown != null) {
        credentials.add(new StoreCredential.Unknown(unknown));
      }
      if (credentials.size() != 1) {
        throw malformed(
            credentials.isEmpty()
                ? "'" + FieldNames.CREDENTIALS + "' has no credential"
                : "'" + FieldNames.CREDENTIALS + "' has more than one credential");
      }
      return new TemporaryCredential(location, credentials.get(0), expiration);
    }

    private void fields() throws IOException, MalformedResponseException {
      for (String key = in.nextField(); key != null; key = in.nextField()) {
        if (in.isNull()) {
          continue;
        }
        switch (key) {
          case FieldNames.LOCATION -> location = value(key);
          case FieldNames.EXPIRATION_TIME -> expiration = in.number();
          case S3Keys.AWS, S3Keys.R2 -> credentials.add(keys(key));
          case AzureSas.KIND -> credentials.add(new AzureSas(one(key, FieldNames.SAS_TOKEN)));
          case GcpToken.KIND -> credentials.add(new GcpToken(one(key, FieldNames.OAUTH_TOKEN)));
          default -> {
            if (in.isObject()) {
              unknown = key.matches(KIND_NAME) ? key : "another kind";
            }
            in.skip();
          }
        }
      }
    }

    private S3Keys keys(String kind) throws IOException, MalformedResponseException {
      String id = null;
      String secret = null;
      String token = null;
      String endpoint = null;
      String region = null;
      Boolean pathStyle = null;
      if (in.enterObject()) {
        for (String key = in.nextField(); key != null; key = in.nextField()) {
          switch (key) {
            case FieldNames.ACCESS_KEY_ID -> id = value(key);
            case FieldNames.SECRET_ACCESS_KEY -> secret = value(key);
            case FieldNames.SESSION_TOKEN -> token = value(key);
            case FieldNames.ENDPOINT -> endpoint = value(key);
            case FieldNames.REGION -> region = value(key);
            case FieldNames.PATH_STYLE_ACCESS -> pathStyle = in.isNull() ? null : flag();
            default -> in.skip();
          }
        }
      }
      return new S3Keys(
          kind,
          required(kind, FieldNames.ACCESS_KEY_ID, id),
          required(kind, FieldNames.SECRET_ACCESS_KEY, secret),
          token,
          endpoint,
          region,
          pathStyle);
    }

    private boolean flag() throws IOException {
      return Boolean.parseBoolean(in.text());
    }

    /** The only field of a kind. */
    private String one(String kind, String field) throws IOException, MalformedResponseException {
      String value = null;
      if (in.enterObject()) {
        for (String key = in.nextField(); key != null; key = in.nextField()) {
          if (key.equals(field)) {
            value = value(key);
          } else {
            in.skip();
          }
        }
      }
      return required(kind, field, value);
    }

    /** A text that may become part of a header or a URL; null for none. */
    private String value(String field) throws IOException, MalformedResponseException {
      String text = in.text();
      if (text == null || text.isBlank()) {
        return null;
      }
      if (text.length() > LONGEST_VALUE) {
        throw malformed("its '" + field + "' is longer than " + LONGEST_VALUE + " characters");
      }
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw malformed("its '" + field + "' has control characters");
      }
      return text.strip();
    }

    private static String required(String kind, String field, String value) {
      if (value == null) {
        throw new MissingFieldException(kind, field);
      }
      return value;
    }
  }
}
