/** Named, versioned state of machine parts: what a checkpoint holds beside RAM. */
@Export
@Version("0.1.0")
package tidemark.api.state;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
