package dev.converge.tunnel;

import org.jspecify.annotations.Nullable;

/** Opens the paths of a link, and deals with their loss. */
final class Paths {
  private final LinkState state;
  private final Sender sender;
  private final Dialling dialling;

  Paths(LinkState state, Sender sender, Dialling dialling) {
    this.state = state;
    this.sender = sender;
    this.dialling = dialling;
  }

  /** Goes on with a new path, of which somebody has to read the answer next; false if unwanted. */
  boolean open(WebSocketConnection fresh) {
    fresh.carryStream(true);
    boolean wanted = state.opened(fresh);
    if (wanted) {
      sender.flush();
    } else {
      fresh.abort();
    }
    return wanted;
  }

  /** Reads the peer's answer on a new path; false if none came, and the path is lost. */
  boolean greet(WebSocketConnection fresh) {
    Greeting greeting = new Greeting(state, fresh, dialling.terms().notices());
    while (!greeting.isOver()) {
      if (!fresh.receive(greeting)) {
        lost(fresh);
        return false;
      }
    }
    greeting.conclude();
    return true;
  }

  /** Without a word of the peer about the end, a lost path is no more than that. */
  void lost(WebSocketConnection dead) {
    Outage begun = null;
    synchronized (state) {
      if (state.closed(dead)) {
        begun = lost(dead.end());
      }
    }
    if (begun != null) {
      new Redial(state, this, dialling, begun).start();
    }
  }

  private @Nullable Outage lost(CloseReason why) {
    CloseReason peers = state.ending.peers();
    if (peers != null) {
      state.over(peers, ""); // all is here, and was said; what is left was for the peer to know it
    } else if (why.code() == CloseReason.POLICY_VIOLATION) {
      state.over(why, "");
    } else {
      return state.outages.lost(text(why), System.nanoTime());
    }
    return null;
  }

  private static String text(CloseReason why) {
    return why.text().isEmpty() ? "closed with " + why.code() : Text.printable(why.text());
  }
}
