/** Machines: specification, life cycle, handshakes, guests. */
@Export
@Version("0.1.0")
package tidemark.api.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
