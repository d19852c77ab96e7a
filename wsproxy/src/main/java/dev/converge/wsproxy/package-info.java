/**
 * A ProxyCommand for {@code ssh}.
 *
 * <pre>
 *   ssh  --- stdin, stdout ---  wsproxy  --- WebSocket ---  relay --- agent
 * </pre>
 */
@NullMarked
package dev.converge.wsproxy;

import org.jspecify.annotations.NullMarked;
