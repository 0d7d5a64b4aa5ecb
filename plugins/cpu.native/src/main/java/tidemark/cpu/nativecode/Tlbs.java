package tidemark.cpu.nativecode;

import java.lang.foreign.MemorySegment;
import tidemark.interpreter.Regime;

/** A regime's TLBs as machine code is given them. */
record Tlbs(MemorySegment reads, MemorySegment writes) {
    static Tlbs of(Regime regime) {
        return new Tlbs(MemorySegment.ofArray(regime.reads.entries), MemorySegment.ofArray(regime.writes.entries));
    }
}
