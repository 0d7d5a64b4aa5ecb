/** Guest RAM, the bus, and dirty tracking. */
@Export
@Version("0.1.0")
package tidemark.api.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
