/** Commands: what offers them, how their results look. */
@Export
@Version("0.1.0")
package tidemark.api.shell;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
