package dev.converge.relay;

import com.google.gson.JsonObject;
import dev.converge.tunnel.Protocol;
import io.netty.channel.Channel;

/** The text messages of {@code converge.v1}, as JSON. */
final class ControlMessages {
  /** Tells a peer of a bridge that this relay is about to end. */
  static final String DRAIN = "{\"type\":\"drain\"}";

  private ControlMessages() {}

  /**
   * Tells an agent that its slot is now a client's, the client's address, and what it speaks.
   *
   * @param converge whether the client is given {@code converge.v1}, too
   */
  static String paired(Channel client, boolean converge) {
    var message = new JsonObject();
    message.addProperty("type", "paired");
    message.addProperty("client", Addresses.text(client));
    if (converge) {
      message.addProperty("subprotocol", Protocol.SUBPROTOCOL);
    }
    return message.toString();
  }
}
