/**
 * The SSH server inside the CI job. It opens no port: it dials out to the relay, and each WebSocket
 * that the relay pairs with a client carries one SSH connection.
 *
 * <pre>
 *   relay &lt;-- wss --- slot (Netty: frames to bytes and back)
 *                      | Greeting: how does the client speak?
 *                      v
 *                    ByteStream: ChannelStream, which ends with its connection,
 *                      |         or LastingStream, which waits for the next one
 *                      v
 *                    SSH session (MINA) --&gt; shells and commands (see Platform),
 *                      |                    sftp, scp, forwarding
 *                      | SessionEvents
 *                      v
 *                    the agent's clock (expiry, .hold, linger)
 * </pre>
 *
 * The SSH side knows nothing of WebSockets, the link knows nothing of SSH.
 */
@NullMarked
package dev.converge.agent;

import org.jspecify.annotations.NullMarked;
