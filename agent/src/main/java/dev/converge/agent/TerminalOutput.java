package dev.converge.agent;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What a terminal shows, mostly echoes of keys: the client's event loop carries it where it can, as
 * a change of threads takes longer than the rest. (A pipe brings much: that is read and encrypted
 * by a thread while the loop writes.)
 */
record TerminalOutput(Descriptor master) implements OutputPump.Source {
  @Override
  public int read(ByteBuffer buffer) {
    return master.read(buffer);
  }

  @Override
  public CompletableFuture<Void> carry(Outlet outlet, Home home, Executor threads) {
    return LoopPump.runsAt(home)
        ? new LoopPump(master, outlet, home).start()
        : OutputPump.Source.super.carry(outlet, home, threads);
  }
}
