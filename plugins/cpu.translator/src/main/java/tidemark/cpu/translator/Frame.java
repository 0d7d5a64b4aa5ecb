package tidemark.cpu.translator;

import tidemark.interpreter.Regime;
import tidemark.riscv.MemoryPath;

/** What translated code works on. Generated code reads and writes the fields by their names. */
final class Frame {
    final long[] x;
    final long[] f;
    long[] readTag;
    long[] readAddend;
    long[] writeTag;
    long[] writeAddend;
    /** Host addresses of RAM and of its card table. */
    final long ram;
    long cards;
    /** How many instructions may be executed; what remains of them. */
    int left;
    /** Where the guest goes on. */
    long pc;

    Frame(long[] x, long[] f, long ram) {
        this.x = x;
        this.f = f;
        this.ram = ram;
    }

    void enter(Regime regime, MemoryPath path) {
        readTag = regime.reads.tag;
        readAddend = regime.reads.addend;
        writeTag = regime.writes.tag;
        writeAddend = regime.writes.addend;
        cards = path.cardTable();
    }
}
