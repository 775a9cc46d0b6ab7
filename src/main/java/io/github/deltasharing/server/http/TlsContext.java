/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.server.http;

import io.github.deltasharing.server.config.ConfigException;
import io.github.deltasharing.server.config.TlsConfig;
import java.io.IOException;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Makes Jetty's TLS context from a {@link TlsConfig}: a certificate of our own, or one from PEM
 * files (PKCS#8 or PKCS#1 key, encrypted or not). Stateless.
 */
public final class TlsContext {
  private static final int KEY_BITS = 2048;
  private static final Duration VALIDITY = Duration.ofDays(365);

  private TlsContext() {}

  public static SslContextFactory.Server of(TlsConfig config, String host) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStore(keyStore(config, host));
    context.setKeyStorePassword("");
    return context;
  }

  /**
   * The certificate and its key.
   *
   * @throws ConfigException when they cannot be used
   */
  public static KeyStore keyStore(TlsConfig config, String host) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      if (config.selfSigned()) {
        selfSigned(store, host);
      } else {
        fromFiles(store, config);
      }
      return store;
    } catch (IOException | GeneralSecurityException | OperatorException | PKCSException e) {
      throw new ConfigException(
          "ssl: cannot use the certificate and its key: " + e.getMessage(), e);
    }
  }

  private static void selfSigned(KeyStore store, String host)
      throws GeneralSecurityException, OperatorException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(KEY_BITS);
    KeyPair keys = generator.generateKeyPair();
    X500Name name = new X500Name("CN=Delta Sharing server (self-signed)");
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
            Date.from(now.minus(Duration.ofMinutes(5))),
            Date.from(now.plus(VALIDITY)),
            name,
            keys.getPublic());
    boolean address = host.matches("[0-9.]+|.*:.*");
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "localhost"),
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host)
            }));
    var signer = new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
    Certificate certificate =
        new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    store.setKeyEntry("server", keys.getPrivate(), new char[0], new Certificate[] {certificate});
  }

  private static void fromFiles(KeyStore store, TlsConfig config)
      throws IOException, GeneralSecurityException, OperatorException, PKCSException {
    Path certificateFile = config.certificateFile().orElseThrow();
    Collection<? extends Certificate> chain;
    try (var in = Files.newInputStream(certificateFile)) {
      chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
    if (chain.isEmpty()) {
      throw new ConfigException(
          "ssl.certificateFile " + certificateFile + " has no certificate: give a PEM file");
    }
    char[] password = new char[0];
    if (config.certificatePasswordFile().isPresent()) {
      password = Files.readString(config.certificatePasswordFile().get()).strip().toCharArray();
    }
    PrivateKey key = privateKey(config.certificateKeyFile().orElseThrow(), password);
    store.setKeyEntry("server", key, new char[0], chain.toArray(new Certificate[0]));
  }

  private static PrivateKey privateKey(Path file, char[] password)
      throws IOException, OperatorException, PKCSException {
    BouncyCastleProvider provider = new BouncyCastleProvider();
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        PEMParser parser = new PEMParser(reader)) {
      for (Object pem = parser.readObject(); pem != null; pem = parser.readObject()) {
        if (pem instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
        if (pem instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (pem instanceof PEMEncryptedKeyPair pair) {
          var decryptor =
              new JcePEMDecryptorProviderBuilder().setProvider(provider).build(password);
          return converter.getPrivateKey(pair.decryptKeyPair(decryptor).getPrivateKeyInfo());
        }
        if (pem instanceof PKCS8EncryptedPrivateKeyInfo info) {
          var decryptor =
              new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(password);
          return converter.getPrivateKey(info.decryptPrivateKeyInfo(decryptor));
        }
      }
    }
    throw new ConfigException("ssl.certificateKeyFile " + file + " has no private key");
  }
}
