/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;

/** A certificate authority of a test's own, and what it signs. Not thread-safe. */
public final class TestCertificates {
  public static final String PASSWORD = "canary-of-keys";

  private final KeyPair keys = keys();
  private final X500Name name = new X500Name("CN=Authority of a test");
  private final X509Certificate authority = sign(name, keys, true);
  private long serial = 1;

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(X500Name subject, KeyPair of, boolean signs, String... dnsNames) {
    return sign(Instant.now().plus(Duration.ofDays(1)), subject, of, signs, dnsNames);
  }

  private X509Certificate sign(
      Instant end, X500Name subject, KeyPair of, boolean signs, String... dnsNames) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(++serial),
              Date.from(end.minus(Duration.ofDays(2))),
              Date.from(end),
              subject,
              of.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signs));
      if (dnsNames.length > 0) {
        // Bouncy Castle checks no names: an underscore is written as it is.
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                Arrays.stream(dnsNames)
                    .map(dns -> new GeneralName(GeneralName.dNSName, dns))
                    .toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (GeneralSecurityException | OperatorException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's certificate as PEM. */
  public Path pem(Path file) throws IOException, GeneralSecurityException {
    return Files.writeString(file, "An authority's:\n" + pem());
  }

  /** The same as text. */
  public String pem() throws GeneralSecurityException {
    return pem("CERTIFICATE", authority.getEncoded());
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(content)
        + "\n-----END "
        + kind
        + "-----\n";
  }

  /** A key and its certificate, signed by the authority, as PEM. */
  public Path keyPem(Path file) throws IOException, GeneralSecurityException {
    KeyPair own = keys();
    return Files.writeString(
        file,
        pem("CERTIFICATE", sign(new X500Name("CN=Signed"), own, false).getEncoded())
            + pem("PRIVATE KEY", own.getPrivate().getEncoded()));
  }

  /** A server's certificate and its key in PEM files, in this order. */
  public List<Path> serverPems(Path directory, String... dnsNames)
      throws IOException, GeneralSecurityException {
    KeyPair own = keys();
    X509Certificate signed = sign(new X500Name("CN=Signed"), own, false, dnsNames);
    return List.of(
        Files.writeString(directory.resolve("server.pem"), pem("CERTIFICATE", signed.getEncoded())),
        Files.writeString(
            directory.resolve("server-key.pem"),
            pem("PRIVATE KEY", own.getPrivate().getEncoded())));
  }

  /** The same, encrypted with {@link #PASSWORD}. */
  public Path encryptedKeyPem(Path file)
      throws IOException, GeneralSecurityException, OperatorException {
    KeyPair own = keys();
    OutputEncryptor encryptor =
        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
            .setProvider(new BouncyCastleProvider())
            .setPassword(PASSWORD.toCharArray())
            .setPRF(PKCS8Generator.PRF_HMACSHA256)
            .build();
    byte[] key =
        new JcaPKCS8EncryptedPrivateKeyInfoBuilder(own.getPrivate()).build(encryptor).getEncoded();
    return Files.writeString(
        file,
        pem("ENCRYPTED PRIVATE KEY", key)
            + pem("CERTIFICATE", sign(new X500Name("CN=Signed"), own, false).getEncoded()));
  }

  /** The authority's certificate as a key store. */
  public Path trustStore(Path file) throws IOException, GeneralSecurityException {
    return write(trusting(), file);
  }

  /** The same as Java's older kind of key store. */
  public Path jks(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setCertificateEntry("authority", authority);
    return write(store, file);
  }

  private KeyStore trusting() throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    store.setCertificateEntry("authority", authority);
    return store;
  }

  /** A key and its certificate, signed by the authority, as a key store. */
  public Path keyStore(Path file, String... dnsNames) throws IOException, GeneralSecurityException {
    return write(signed(dnsNames), file);
  }

  private KeyStore signed(String... dnsNames) throws IOException, GeneralSecurityException {
    return signed(Instant.now().plus(Duration.ofDays(1)), dnsNames);
  }

  private KeyStore signed(Instant end, String... dnsNames)
      throws IOException, GeneralSecurityException {
    KeyPair own = keys();
    KeyStore store = empty();
    store.setKeyEntry(
        "key",
        own.getPrivate(),
        PASSWORD.toCharArray(),
        new Certificate[] {sign(end, new X500Name("CN=Signed"), own, false, dnsNames)});
    return store;
  }

  /** Of a server with these names; clients that it asks for a certificate need the authority's. */
  public SSLContext server(String... dnsNames) throws IOException, GeneralSecurityException {
    return server(signed(dnsNames));
  }

  /** The same with a certificate that expired an hour ago. */
  public SSLContext expiredServer(String... dnsNames) throws IOException, GeneralSecurityException {
    return server(signed(Instant.now().minus(Duration.ofHours(1)), dnsNames));
  }

  private SSLContext server(KeyStore keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(trusting());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Path write(KeyStore store, Path file)
      throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }
}
