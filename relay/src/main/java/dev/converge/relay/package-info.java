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
 * connection is confined to its event loop; the two sides of a bridge may live on two.
 */
@NullMarked
package dev.converge.relay;

import org.jspecify.annotations.NullMarked;
