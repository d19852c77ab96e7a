/**
 * A local port for a session.
 *
 * <pre>
 *   ssh -p PORT  --- TCP ---+
 *   ssh -p PORT  --- TCP ---+--- tcptows  === a WebSocket for each ===  relay --- agent
 *   sftp         --- TCP ---+
 * </pre>
 */
@NullMarked
package dev.converge.tcptows;

import org.jspecify.annotations.NullMarked;
