/** What everything that runs the cells of an experiment must keep. */
@Export
@Version("0.1.0")
package tidemark.contract.lab;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
