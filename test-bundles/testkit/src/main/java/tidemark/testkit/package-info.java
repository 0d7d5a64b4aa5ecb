/** Fixtures for tests: an assembler, an ELF writer, RAM, and what an engine needs around it. */
@Export
@Version("0.1.0")
package tidemark.testkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
