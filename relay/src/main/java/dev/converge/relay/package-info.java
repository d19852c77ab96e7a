/**
 * The relay: the public meeting point that carries bytes which it cannot read.
 *
 * <pre>
 *   accept -&gt; (ProxyHeader) -&gt; UpgradeBoundary, RequestDeadline -&gt; Gate -&gt; Router
 *
 *   Router |- Site        (page, assets, downloads)
 *          |- AgentDoor   -&gt; WaitingSlot   \
 *          '- ClientDoor  -&gt; WaitingClient  } Rendezvous -&gt; Pairing -&gt; Bridge
 * </pre>
 *
 * {@link dev.converge.relay.Rendezvous} knows who waits for whom, {@link
 * dev.converge.relay.Visitors} how much each address has; neither imports anything of Netty. Each
 * connection is confined to its event loop; before two connections become a bridge, one of them
 * moves to the loop of the other ({@link dev.converge.relay.EventLoops}). On a bridge, what {@link
 * dev.converge.relay.FrameDecoder} makes of a read goes out through {@link
 * dev.converge.relay.FrameEncoder} in the same buffer.
 */
@NullMarked
package dev.converge.relay;

import org.jspecify.annotations.NullMarked;
