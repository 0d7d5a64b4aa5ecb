/** Virtio devices on a memory-mapped bus: OASIS, Virtual I/O Device (VIRTIO) Version 1.2, sections 2 to 4.2. Split virtqueues; no legacy interface. */
@Export
@Version("0.1.0")
package tidemark.virtio;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
