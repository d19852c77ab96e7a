package dev.converge.agent;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an agent.
 *
 * @param link how it reaches its relay
 * @param ssh who may enter, and what they find
 * @param clock when it ends
 * @param madePassword the password, if it was made for this run and has to be shown
 */
record AgentConfig(
    LinkConfig link, SshConfig ssh, ClockConfig clock, @Nullable String madePassword) {

  @Override
  public String toString() {
    return "AgentConfig[" + link + ", " + ssh + ", " + clock + "]";
  }
}
