/**
 * The packaged programs, driven as their users drive them: real {@code ssh}, {@code sftp}, {@code
 * scp}, {@code rsync}, {@code git}, {@code curl} and a browser.
 *
 * <pre>
 *   RelayProcess  &lt;--- AgentProcess (in a directory of its own)
 *        ^------------ Route.WSPROXY or Route.TCPTOWS &lt;--- OpenSsh
 * </pre>
 *
 * <p>Where connections are to fail, a FaultyPath stands before the relay: on the agent's side, on
 * the client's, or on both (FaultyStage).
 */
package dev.converge.e2e;
