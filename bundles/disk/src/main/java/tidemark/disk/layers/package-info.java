/** The files that the layers of a disk are in: their names, what they are needed for, and the register of images that need them. */
@Export
@Version("0.1.0")
package tidemark.disk.layers;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
