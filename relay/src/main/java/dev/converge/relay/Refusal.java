package dev.converge.relay;

/** Why a connection was refused. */
enum Refusal {
  /** The ID belongs to another agent. */
  ID_TAKEN,
  /** The ID has as many connections waiting as it may. */
  TOO_MANY_FOR_ID,
  /** The relay has as many connections as it may. */
  TOO_MANY
}
