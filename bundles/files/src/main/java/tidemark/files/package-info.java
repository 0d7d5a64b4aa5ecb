/**
 * The one way in which files are written: under a random name that nobody else has, locked by the writer, forced, and given their name last. What a process
 * leaves that is killed can be told from what a living one needs: the kernel frees locks.
 */
@Export
@Version("0.1.0")
package tidemark.files;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
