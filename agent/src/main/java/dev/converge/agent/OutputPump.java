package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Carries output to a client, at the pace of the client, on a thread that may wait for either. */
final class OutputPump implements Runnable {
  private static final int CHUNK = 32 * 1024;

  /** Where output comes from. */
  interface Source {
    /** Fills a direct buffer from its start; -1 at the end. */
    int read(ByteBuffer buffer) throws IOException;

    /**
     * Carries all there is to a client; completes at its end.
     *
     * @param home the event loop of the client, for those that it can wait for
     * @param threads for all others, each on one of its own
     */
    default CompletableFuture<Void> carry(Outlet outlet, Home home, Executor threads) {
      return CompletableFuture.runAsync(new OutputPump(this, outlet), threads);
    }
  }

  private final Source source;
  private final Outlet outlet;

  OutputPump(Source source, Outlet outlet) {
    this.source = source;
    this.outlet = outlet;
  }

  @Override
  public void run() {
    ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK);
    try {
      for (int count = source.read(direct); count > 0; count = source.read(direct)) {
        outlet.write(direct.slice(0, count));
      }
      outlet.flush();
    } catch (IOException e) {
      // The client is gone, or does not want to hear more: its channel's close ends the child.
    }
  }
}
