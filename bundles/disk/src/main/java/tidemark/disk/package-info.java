/** What disk formats share: files of the host with locks and holes, bounds, layers. */
@Export
@Version("0.1.0")
package tidemark.disk;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
