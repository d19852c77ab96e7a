package dev.converge.relay;

import java.util.Locale;

/** Why a connection was refused. */
enum Refusal {
  /** The ID belongs to another agent. */
  ID_TAKEN(Scope.ID),
  SLOTS_PER_ID(Scope.ONE),
  CLIENTS_PER_ID(Scope.ONE),
  CONNECTIONS_PER_ADDRESS(Scope.ONE),
  NEW_CONNECTIONS_PER_ADDRESS(Scope.ONE),
  SLOTS_PER_ADDRESS(Scope.ONE),
  CLIENTS_PER_ADDRESS(Scope.ONE),
  BRIDGES_PER_ADDRESS(Scope.ONE),
  CONNECTIONS(Scope.ALL),
  NEW_CONNECTIONS(Scope.ALL),
  SLOTS(Scope.ALL),
  CLIENTS(Scope.ALL),
  BRIDGES(Scope.ALL);

  /** Whom a refusal concerns. */
  enum Scope {
    /** Whoever wants this ID. */
    ID,
    /** One ID, or one address, which has all that it may. */
    ONE,
    /** Everybody: the relay has all that it can carry. */
    ALL
  }

  private final Scope scope;

  Refusal(Scope scope) {
    this.scope = scope;
  }

  Scope scope() {
    return scope;
  }

  /** Its name among metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
