/** Devices, interrupt lines, clock, timers and console. */
@Export
@Version("0.1.0")
package tidemark.api.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
