package dev.converge.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.converge.tunnel.Text;
import org.jspecify.annotations.Nullable;

/**
 * A text message of {@code converge.v1}.
 *
 * @param type what it is about; empty if the message is none that we know how to read
 * @param client whom it is about; empty if it does not say
 */
record ControlMessage(String type, String client) {
  static final String PAIRED = "paired";

  /** Reads a message; one that is malformed has no type, and so is ignored like unknown ones. */
  static ControlMessage parse(String json) {
    try {
      if (JsonParser.parseString(json) instanceof JsonObject message) {
        return new ControlMessage(text(message.get("type")), text(message.get("client")));
      }
    } catch (JsonParseException e) {
      // Falls through: no type.
    }
    return new ControlMessage("", "");
  }

  private static String text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive() ? Text.excerpt(element.getAsString()) : "";
  }
}
