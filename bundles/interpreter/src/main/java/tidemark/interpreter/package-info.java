/**
 * The decoded-instruction interpreter, complete in itself, and the place where engines that execute hot code otherwise go for everything
 * rare.
 */
@Export
@Version("0.1.0")
package tidemark.interpreter;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
