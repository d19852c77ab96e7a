/**
 * The packaged programs, driven as their users drive them: real {@code ssh}, {@code sftp}, {@code
 * scp}, {@code rsync}, {@code git}, {@code curl} and a browser.
 *
 * <pre>
 *   RelayProcess  &lt;--- AgentProcess (in a directory of its own)
 *        ^------------ Route.WSPROXY or Route.TCPTOWS &lt;--- OpenSsh
 * </pre>
 */
package dev.converge.e2e;
