package dev.sluice.access.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Pieces of Avro's binary encoding: a number is its zigzag in groups of seven bits, the lowest
 * first; a string is its length in UTF-8 as such a number, and its bytes.
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

  /** How many bytes a number takes: 1 to 10. */
  static int sizeOf(long number) {
    var zigzag = zigzag(number);
    return zigzag == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(zigzag) + 6) / 7;
  }

  /** Writes a number; the answer is the index after it. */
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

  /** Copies bytes; the answer is the index after them. */
  static int copy(byte[] bytes, byte[] into, int from) {
    System.arraycopy(bytes, 0, into, from, bytes.length);
    return from + bytes.length;
  }

  private static long zigzag(long number) {
    return (number << 1) ^ (number >> 63);
  }
}
