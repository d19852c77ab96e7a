package dev.converge.agent;

import dev.converge.cli.Program;

/** The program {@code agent}. */
public final class AgentMain {
  private AgentMain() {}

  public static void main(String[] args) {
    System.exit(new Program(new AgentCommand(System.getenv()), System.getenv()).run(args));
  }
}
