package dev.converge.agent;

import io.netty.channel.Channel;

/**
 * What becomes of one attempt to have a slot at the relay: it fails, or it opens and is then taken
 * or lost. Called on any event loop; only {@link #taken} on the channel's own.
 */
interface SlotEvents {
  void failed(Throwable cause);

  void opened(Channel slot);

  /**
   * A client has it. Inbound {@code ByteBuf}s are now what the client sends, and those written go
   * to the client; autoRead is off. A {@link ControlMessage} for the path comes as a user event.
   *
   * @param mayResume whether the client may begin with the hello of a resumable stream, for which
   *     it is to be given time before anything is said
   */
  void taken(Channel slot, String client, boolean mayResume);

  void lost(String why);
}
