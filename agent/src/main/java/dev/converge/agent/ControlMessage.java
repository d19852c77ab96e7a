package dev.converge.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.converge.tunnel.Protocol;
import dev.converge.tunnel.Text;
import org.jspecify.annotations.Nullable;

/**
 * A text message of {@code converge.v1}.
 *
 * @param type what it is about; empty if the message is none that we know how to read
 * @param client whom it is about; empty if it does not say
 * @param subprotocol what that client has negotiated; empty if nothing
 */
record ControlMessage(String type, String client, String subprotocol) {
  static final String PAIRED = "paired";
  static final String DRAIN = "drain";

  /** Reads a message; one that is malformed has no type, and so is ignored like unknown ones. */
  static ControlMessage parse(String json) {
    try {
      if (JsonParser.parseString(json) instanceof JsonObject message) {
        return new ControlMessage(
            text(message.get("type")),
            text(message.get("client")),
            text(message.get("subprotocol")));
      }
    } catch (JsonParseException e) {
      // Falls through: no type.
    }
    return new ControlMessage("", "", "");
  }

  private static String text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive() ? Text.excerpt(element.getAsString()) : "";
  }

  /** Whether the client may begin with the hello of a resumable stream. */
  boolean mayResume() {
    return subprotocol.equals(Protocol.SUBPROTOCOL);
  }
}
