/** Contract suites: abstract test classes that a provider extends to prove that it keeps a contract. */
@Export
@Version("0.1.0")
package tidemark.contract;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
