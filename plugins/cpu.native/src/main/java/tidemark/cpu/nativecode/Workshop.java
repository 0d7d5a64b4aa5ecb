package tidemark.cpu.nativecode;

import tidemark.cpu.nativecode.cache.Blocks;
import tidemark.cpu.nativecode.cache.CodeMemory;
import tidemark.cpu.nativecode.cache.PerfMap;
import tidemark.cpu.nativecode.guest.BackEnd;
import tidemark.cpu.nativecode.guest.Exits;
import tidemark.cpu.nativecode.guest.Trace;
import tidemark.cpu.nativecode.guest.Translation;
import tidemark.interpreter.CodePage;

/**
 * Makes one hart's blocks and keeps them until its memory is full; then it begins anew. Places are in the code memory, and none is 0. On
 * the hart's thread.
 */
final class Workshop implements AutoCloseable {
    /** More than one instruction's template takes, its way out included. */
    private static final int TEMPLATE_BYTES = 1024;

    private final Exits exits;
    private final BackEnd backEnd;
    private final Translation translation;
    private final Trace trace;
    private final CodeMemory memory;
    private final Blocks blocks = new Blocks();
    private final int most;
    private final PerfMap perfMap;
    private final int hart;
    private int generation;
    private int made;

    Workshop(Settings settings, Exits exits, BackEnd backEnd, int hart) {
        this.exits = exits;
        this.backEnd = backEnd;
        this.hart = hart;
        translation = new Translation(backEnd);
        trace = new Trace(settings.instructions(), settings.branches());
        memory = new CodeMemory(settings.codeBytes());
        most = settings.instructions();
        perfMap = settings.perfMap() ? new PerfMap() : null;
        clear();
    }

    /** Grows whenever all blocks were forgotten. */
    int generation() {
        return generation;
    }

    /** How many blocks were made. */
    int made() {
        return made;
    }

    /** Where the block for an instruction lies; 0 if there is none. */
    int find(CodePage page, long pc) {
        return blocks.find(page, pc);
    }

    /** Makes the block for an instruction. @return where it lies; 0 if the instruction cannot be in one */
    int make(CodePage page, long pc, int cardShift) {
        if (!trace.follow(page, pc)) {
            return 0;
        }
        if (blocks.isFull() || !memory.hasRoom((most + 1) * TEMPLATE_BYTES)) {
            clear();
        }
        translation.write(trace, memory.next(), cardShift);
        int place = memory.add(backEnd.code(), backEnd.codeLength());
        blocks.put(page, pc, place);
        made++;
        if (perfMap != null) {
            perfMap.add(memory.address(place), backEnd.codeLength(), hart, pc);
        }
        return place;
    }

    /** Leads the jump whose displacement is at a place to a block. */
    void link(int jump, int block) {
        memory.patch(jump, block - jump - Integer.BYTES);
    }

    long address(int place) {
        return memory.address(place);
    }

    /** Forgets all blocks. */
    void clear() {
        generation++;
        blocks.clear();
        exits.clear();
        memory.clear();
        byte[] common = backEnd.common();
        memory.add(common, common.length);
    }

    @Override
    public void close() {
        memory.close();
    }
}
