/** What every checkpoint protocol must keep, on every tracker and layout, with guests made to break it. */
@Export
@Version("0.1.0")
package tidemark.contract.protocol;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
