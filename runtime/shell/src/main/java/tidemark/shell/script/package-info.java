/**
 * The script language: Gogo's, with its programs rewritten so that each failure counts, each result shows, and each error knows its line. What a script may rely
 * on is in {@code launch/SCRIPTS.md}.
 */
package tidemark.shell.script;
