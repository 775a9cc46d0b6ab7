/*
 * Copyright the Delta Sharing connector authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
package io.github.deltasharing.directory;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the XML of stores, which is not trusted: no document types, no entities but XML's own, and
 * limits for size, depth and texts. Stateless.
 */
final class XmlListing {
  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_DEPTH = 16;
  private static final int MOST_CHARS = 64 << 10;

  private XmlListing() {}

  /** Takes the elements of a document one by one. */
  interface Visitor {
    /**
     * An element ends.
     *
     * @param path its name after those that it is in, with slashes
     * @param text what is right in it; empty for none
     */
    void element(String path, String text) throws IOException;
  }

  /**
   * Reads a document.
   *
   * @throws BadAnswerException if it is not XML that is read here
   */
  static void read(InputStream in, Visitor visitor) throws IOException {
    try {
      XMLStreamReader xml = factory().createXMLStreamReader(new Limited(in));
      walk(xml, visitor);
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException failure) {
        throw failure;
      }
      // Its message quotes the document.
      throw new BadAnswerException("the listing is no XML that can be read");
    }
  }

  /** The JDK's own, whatever the class path has. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing is resolved");
        });
    return factory;
  }

  private static void walk(XMLStreamReader xml, Visitor visitor)
      throws XMLStreamException, IOException {
    StringBuilder path = new StringBuilder();
    StringBuilder text = new StringBuilder();
    int depth = 0;
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++depth > MOST_DEPTH || xml.getLocalName().length() > MOST_CHARS) {
            throw new BadAnswerException("the listing is nested too deeply");
          }
          path.append(depth == 1 ? "" : "/").append(xml.getLocalName());
          text.setLength(0);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (text.length() + xml.getTextLength() > MOST_CHARS) {
            throw new BadAnswerException("the listing has a text that is too long");
          }
          text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
        }
        case XMLStreamConstants.END_ELEMENT -> {
          depth--;
          visitor.element(path.toString(), text.toString());
          path.setLength(Math.max(0, path.length() - xml.getLocalName().length() - 1));
          text.setLength(0);
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new BadAnswerException("the listing has a document type or entities");
        default -> {}
      }
    }
  }

  /** Ends with an error where a document is too long. */
  private static final class Limited extends FilterInputStream {
    private long left = MOST_BYTES;

    Limited(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      left -= Math.max(n, 0);
      if (left < 0) {
        throw new BadAnswerException(
            "the listing is longer than " + (MOST_BYTES >> 20) + " MiB a page");
      }
      return n;
    }
  }
}
