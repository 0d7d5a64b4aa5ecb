/** Checkpoint protocols, the session they are handed, copy strategies, images. */
@Export
@Version("0.1.0")
package tidemark.api.checkpoint;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
