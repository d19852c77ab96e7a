package dev.converge.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A secret that is given as {@code --name} or in the file of {@code --name-file}. */
public final class SecretFlag {
  private final Flags flags;
  private final Flag<String> text;
  private final Flag<Path> file;
  private final String name;

  /**
   * @param name of the flag, with its hyphens
   */
  public SecretFlag(Flags flags, String name, String help, String helpOfFile) {
    this.flags = flags;
    this.name = name;
    text = flags.option(name, "SECRET", new TextConverter(), help);
    file = flags.option(fileName(), "FILE", new PathConverter(), helpOfFile);
  }

  /** Another name of the flag, not of that for the file. */
  public SecretFlag alias(String other) {
    text.alias(other);
    return this;
  }

  /**
   * The secret, or null if none was given. What stands on the command line counts before what
   * stands in the environment. Warns of a secret on the command line.
   *
   * @throws IllegalArgumentException if it is empty, or both flags say one
   * @throws Failure if the file cannot be read
   */
  public @Nullable Secret secret() {
    String typed = text.valueOrNull();
    Path path = file.valueOrNull();
    if (typed != null && path != null && text.isTyped() == file.isTyped()) {
      throw new IllegalArgumentException(
          name + " and " + fileName() + ": both are given (expected: one of them)");
    }
    if (path != null && (typed == null || file.isTyped())) {
      return Secret.in(fileName(), path);
    }
    return typed == null ? null : visible(Secret.of(name, typed));
  }

  /** Of the flag, with its hyphens. */
  public String name() {
    return name;
  }

  private String fileName() {
    return name + "-file";
  }

  private Secret visible(Secret secret) {
    if (text.isTyped()) {
      flags.warn(
          name
              + " shows the secret to everyone who can list processes; better give "
              + fileName()
              + " or "
              + EnvironmentDefaults.variable(name));
    }
    return secret;
  }
}
