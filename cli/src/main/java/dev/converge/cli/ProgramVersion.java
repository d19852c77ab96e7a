package dev.converge.cli;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The version that the build wrote into the program's manifest, as {@code NAME VERSION}. */
public final class ProgramVersion implements IVersionProvider {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  @Override
  public String[] getVersion() {
    String version = command.userObject().getClass().getPackage().getImplementationVersion();
    return new String[] {command.name() + " " + (version == null ? "(not packaged)" : version)};
  }
}
