/** Which bundles are let into the running platform. */
@Export
@Version("0.1.0")
package tidemark.api.admission;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
