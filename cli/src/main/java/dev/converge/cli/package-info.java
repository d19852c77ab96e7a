/**
 * What the command lines of all programs share: flags with defaults from the environment, one line
 * for each error, the exit codes.
 */
@NullMarked
package dev.converge.cli;

import org.jspecify.annotations.NullMarked;
