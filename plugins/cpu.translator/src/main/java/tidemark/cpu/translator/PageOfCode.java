package tidemark.cpu.translator;

import tidemark.interpreter.CodeCache;
import tidemark.interpreter.CodePage;

/**
 * A page that a region was translated from.
 *
 * @param address virtual
 * @param version of its instructions, see {@link CodePage#version}
 */
record PageOfCode(long address, CodePage page, int version) {
    /** Whether its instructions are still those, whatever the address now stands for. */
    boolean unchanged() {
        return page.version() == version;
    }

    /** Whether the address stands for it, as far as is known without an effect on the guest. */
    boolean isThere(CodeCache codes) {
        return codes.cached(address) == page;
    }
}
