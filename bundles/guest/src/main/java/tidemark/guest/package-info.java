/** What guests written here stand on. The C runtime beneath them is this module's {@code src/main/c}. */
@Export
@Version("0.1.0")
package tidemark.guest;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
