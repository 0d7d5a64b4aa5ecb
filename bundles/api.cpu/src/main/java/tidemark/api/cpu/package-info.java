/** The hart (the architectural state) and the engines that execute it. */
@Export
@Version("0.1.0")
package tidemark.api.cpu;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
