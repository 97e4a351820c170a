package dev.sluice.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** A connection's socket that counts transferred bytes to detect stalls. */
final class MeteredEndPoint extends SocketChannelEndPoint {
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final TransferPace in;
  private final TransferPace out;

  /** Creates a socket that stalls after the given nanoseconds. */
  MeteredEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      long stepNs) {
    super(channel, selector, key, scheduler);
    in = new TransferPace(stepNs);
    out = new TransferPace(stepNs);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    var read = super.fill(buffer);
    if (read > 0) {
      received.addAndGet(read);
    }
    return read;
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    var before = remaining(buffers);
    try {
      return super.flush(buffers);
    } finally {
      sent.addAndGet(before - remaining(buffers));
    }
  }

  private static long remaining(ByteBuffer... buffers) {
    long bytes = 0;
    for (var buffer : buffers) {
      bytes += buffer.remaining();
    }
    return bytes;
  }

  /** Returns whether no byte was received yet. */
  boolean isSilent() {
    return received.get() == 0;
  }

  /**
   * Ends the wait for a stalled request body, and closes a connection whose answer is not read.
   * Called about once a second during a request.
   */
  void look(long nowNs) {
    if (in.isStalled(isFillInterested(), received.get(), nowNs)) {
      getFillInterest().onFail(new TimeoutException("the body arrived too slowly"));
    }
    if (out.isStalled(getWriteFlusher().isPending(), sent.get(), nowNs)) {
      close(new TimeoutException("the answer was read too slowly"));
    }
  }
}
