/** The side of the driver that runs inside the framework. */
@Export
@Version("0.1.0")
package tidemark.exam.inside;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
