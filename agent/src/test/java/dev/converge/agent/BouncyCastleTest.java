package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BouncyCastleTest {
  private final Provider provider = new BouncyCastle();

  @Test
  void keyOfItsOwnSignsAndVerifies() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519", provider).generateKeyPair();
    Signature signer = Signature.getInstance("Ed25519", provider);
    signer.initSign(pair.getPrivate());
    signer.update(new byte[100]);
    byte[] signature = signer.sign();

    signer.initVerify(pair.getPublic());
    signer.update(new byte[100]);

    assertThat(signer.verify(signature)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "KeyPairGenerator, EdDSA, dev.converge.agent.BouncyCastle",
    "KeyFactory, Ed25519, dev.converge.agent.BouncyCastle",
    "KeyAgreement, X25519, dev.converge.agent.BouncyCastle",
    "MessageDigest, SHA-256, sun.security.provider.Sun",
    "KeyPairGenerator, DH, com.sun.crypto.provider.SunJCE",
    "AlgorithmParameters, EC, sun.security.ec.SunEC",
    "KeyFactory, EC, org.bouncycastle.jce.provider.BouncyCastleProvider",
    "Signature, SHA512withRSA, org.bouncycastle.jce.provider.BouncyCastleProvider"
  })
  void eachServiceComesFromTheCheapestThatHasIt(String type, String name, String of) {
    assertThat(provider.getService(type, name).getProvider().getClass().getName()).isEqualTo(of);
  }

  @Test
  void whatNobodyHasIsNotThere() {
    assertThat(provider.getService("Signature", "none such")).isNull();
  }
}
