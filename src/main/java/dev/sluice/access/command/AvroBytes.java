package dev.sluice.access.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Writes parts of Avro's binary encoding. A number is its zigzag form in groups of seven bits, the
 * lowest first. A string is its length in UTF-8 as such a number, then its bytes.
 */
final class AvroBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  AvroBytes number(long number) {
    var bytes = new byte[sizeOf(number)];
    write(number, bytes, 0);
    out.writeBytes(bytes);
    return this;
  }

  AvroBytes string(String text) {
    var bytes = text.getBytes(UTF_8);
    number(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  /** Returns the encoded size of a number in bytes: 1 to 10. */
  static int sizeOf(long number) {
    var zigzag = zigzag(number);
    return zigzag == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(zigzag) + 6) / 7;
  }

  /** Writes a number and returns the index after it. */
  static int write(long number, byte[] into, int from) {
    int at = from;
    var left = zigzag(number);
    while ((left & ~0x7FL) != 0) {
      into[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    into[at++] = (byte) left;
    return at;
  }

  /** Copies bytes and returns the index after them. */
  static int copy(byte[] bytes, byte[] into, int from) {
    System.arraycopy(bytes, 0, into, from, bytes.length);
    return from + bytes.length;
  }

  private static long zigzag(long number) {
    return (number << 1) ^ (number >> 63);
  }
}
