/** What runs the cells of an experiment: here, or elsewhere. */
@Export
@Version("0.1.0")
package tidemark.api.lab;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
