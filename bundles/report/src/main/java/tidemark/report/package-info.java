/** What reports are made of: pages that need nothing else, tables, pictures, the host that the figures are from. */
@Export
@Version("0.1.0")
package tidemark.report;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
