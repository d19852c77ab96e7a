package dev.converge.agent;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an agent.
 *
 * @param link how it reaches its relay
 * @param resume what is done for clients that lose their connection
 * @param ssh who may enter, and what they find
 * @param rules what holds for all of them
 * @param clock when it ends
 * @param madePassword the password, if it was made for this run and has to be shown
 * @param wsproxy the wsproxy that the printed commands call, if it need not be downloaded
 */
record AgentConfig(
    LinkConfig link,
    ResumeConfig resume,
    SshConfig ssh,
    Rules rules,
    ClockConfig clock,
    @Nullable String madePassword,
    @Nullable String wsproxy) {

  @Override
  public String toString() {
    return "AgentConfig[" + link + ", " + ssh + ", " + clock + "]";
  }
}
