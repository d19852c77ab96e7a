/**
 * What goes over the wire, once, for all programs; on the JDK alone.
 *
 * <pre>
 *   agent  --- GET /agent/ID ---&gt;  relay  &lt;--- GET /client/ID ---  wsproxy, tcptows
 * </pre>
 */
@NullMarked
package dev.converge.tunnel;

import org.jspecify.annotations.NullMarked;
