/**
 * Measures the packaged programs beside others of their kind, on one machine and in one run.
 *
 * <pre>
 *   Figure --- asks a Route for ---&gt; Pair of Ends ---&gt; relay | HAProxy | nginx | socat | nothing
 *      |                                                      (a Program of the Scene)
 *      +------ tells its samples to ---&gt; Results ---&gt; table, Markdown, plots
 * </pre>
 *
 * Both ends of a pair are in this JVM, and the same code serves them whatever is between them.
 */
@NullMarked
package dev.converge.bench;

import org.jspecify.annotations.NullMarked;
