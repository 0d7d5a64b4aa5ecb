package tidemark.cpu.translator;

import tidemark.api.cpu.Hart;
import tidemark.interpreter.Regime;
import tidemark.riscv.MemoryPath;

/** What translated code works on. Generated code reads and writes the fields by their names. */
final class Frame {
    final long[] x;
    final long[] f;
    /** The entries of TLBs. */
    long[] reads;
    long[] writes;
    /** Host addresses of RAM and of its card table. */
    final long ram;
    long cards;
    /** How many instructions may be executed; what remains of them. */
    int left;
    /** The jump that went astray. */
    long from;
    /** Where the guest goes on. */
    long pc;

    private Frame(long[] x, long[] f, long ram) {
        this.x = x;
        this.f = f;
        this.ram = ram;
    }

    /** That of a hart. */
    static Frame of(Hart hart, long ram) {
        return new Frame(hart.x, hart.f, ram);
    }

    void enter(Regime regime, MemoryPath path) {
        reads = regime.reads.entries;
        writes = regime.writes.entries;
        cards = path.cardTable();
    }

    /**
     * A copy of this frame as it is, on which code may run without an effect: it reads RAM, but what it writes to any page goes to one other.
     *
     * @param page host address of two pages, the second for cards
     */
    Frame harmless(long page) {
        Frame copy = new Frame(x.clone(), f.clone(), page);
        copy.reads = reads.clone();
        copy.writes = writes.clone();
        for (int tag = 0; tag < writes.length; tag += 2) {
            copy.writes[tag + 1] = page - writes[tag];
        }
        copy.cards = page + tidemark.api.memory.PhysicalMemory.PAGE_SIZE;
        return copy;
    }

    /** With registers of its own that begin as these; the rest is shared. */
    Frame withOwnRegisters() {
        Frame copy = new Frame(x.clone(), f.clone(), ram);
        copy.reads = reads;
        copy.writes = writes;
        copy.cards = cards;
        return copy;
    }

    /** Makes the registers those of another frame. */
    void restart(Frame from) {
        System.arraycopy(from.x, 0, x, 0, x.length);
        System.arraycopy(from.f, 0, f, 0, f.length);
    }
}
