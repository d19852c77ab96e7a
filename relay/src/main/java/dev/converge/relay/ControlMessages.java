package dev.converge.relay;

import com.google.gson.JsonObject;
import io.netty.channel.Channel;

/** The text messages of {@code converge.v1}, as JSON. */
final class ControlMessages {
  private ControlMessages() {}

  /** Tells an agent that its slot is now a client's, and the client's address. */
  static String paired(Channel client) {
    var message = new JsonObject();
    message.addProperty("type", "paired");
    message.addProperty("client", Addresses.text(client));
    return message.toString();
  }
}
