/** The image format, version 1: layouts stream and mapped. The README of this bundle is its definition. */
@Export
@Version("0.1.0")
package tidemark.image;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
