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

    /** Where the code for an instruction lies that begins in one page and ends in the next; 0 if there is none. */
    int findCrossing(CodePage page, CodePage second, long pc) {
        return blocks.findCrossing(page, second, pc);
    }

    /** Makes the block for an instruction that does not cross into the next page. @return where it lies */
    int make(CodePage page, long pc, int cardShift) {
        trace.follow(page, pc);
        int place = write(pc, cardShift);
        blocks.put(page, pc, place);
        return place;
    }

    /** Makes the block for an instruction that begins in one page and ends in the next. @param w decoded @return where it lies */
    int makeCrossing(CodePage page, CodePage second, long pc, long w, int cardShift) {
        trace.take(pc, w);
        int place = write(pc, cardShift);
        blocks.putCrossing(page, second, pc, place);
        return place;
    }

    private int write(long pc, int cardShift) {
        if (blocks.isFull() || !memory.hasRoom((most + 1) * TEMPLATE_BYTES)) {
            clear();
        }
        translation.write(trace, memory.next(), cardShift);
        int place = memory.add(backEnd.code(), backEnd.codeLength());
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
