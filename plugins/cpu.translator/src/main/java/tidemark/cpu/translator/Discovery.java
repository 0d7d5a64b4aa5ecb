package tidemark.cpu.translator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidemark.interpreter.CodeCache;
import tidemark.interpreter.CodePage;
import tidemark.riscv.Decoder;
import tidemark.riscv.Insn;
import tidemark.riscv.Op;

/**
 * Finds what belongs to a region: breadth first from its entry, through calls, returns and the targets that indirect jumps were seen to
 * have, until it is as large as a region may be. Only pages that are at hand are looked at, so the guest does not notice. On the hart's thread.
 */
final class Discovery {
    private static final int MAX_TARGETS = 20;
    private static final int MAX_CALLEES = 4;
    /** A loop that is one block of at most so many instructions is unrolled so often; longer ones would need more registers than the host has. */
    private static final int SHORT = 8;
    private static final int LAPS = 2;

    private final CodeCache codes;
    private final int patience;
    private final int most;
    private final Set<Long> behind;
    private final Map<Long, PageOfCode> pages = new LinkedHashMap<>();
    private final Map<Place, Block> blocks = new LinkedHashMap<>();
    private final ArrayDeque<Place> open = new ArrayDeque<>();
    private int instructions;
    private int bytes;

    private Discovery(CodeCache codes, int patience, int most, Set<Long> behind) {
        this.codes = codes;
        this.patience = patience;
        this.most = most;
        this.behind = behind;
    }

    /**
     * The region that begins at {@code pc}.
     *
     * @param patience see {@link CodePage#profile}
     * @param most instructions
     * @param behind see {@link Outline}
     * @return null if nothing can be translated there
     */
    static Outline from(long pc, CodeCache codes, int patience, int most, Set<Long> behind) {
        Discovery discovery = new Discovery(codes, patience, most, behind);
        Place entry = new Place(pc, null);
        discovery.open.add(entry);
        discovery.explore();
        Block first = discovery.blocks.get(entry);
        if (first == null || first.size() == 0) {
            return null;
        }
        return new Outline(pc, new Flow(entry, discovery.blocks), List.copyOf(discovery.pages.values()), behind);
    }

    private void explore() {
        while (!open.isEmpty() && !full()) {
            Place place = open.poll();
            if (!blocks.containsKey(place) && (blocks.isEmpty() || !ends(place))) {
                Block block = new Block(place);
                blocks.put(place, block);
                scan(block);
            }
        }
    }

    /** Whether another region begins there, which this one continues: so the two share the work on a loop that is too long for one. */
    private boolean ends(Place place) {
        return place.context() == null && behind.contains(place.pc());
    }

    private boolean full() {
        return instructions >= most || bytes >= Translation.MAX_BYTES;
    }

    private void scan(Block block) {
        Context context = block.place.context();
        long pc = block.place.pc();
        while (true) {
            Place here = new Place(pc, context);
            Instruction instruction = instruction(pc);
            if (instruction == null || block.size() != 0 && (full() || blocks.containsKey(here) || ends(here))) {
                block.next = here;
                return;
            }
            if (Rare.is(instruction)) {
                block.next = here;
                block.rare = true;
                return;
            }
            block.instructions.add(instruction);
            instructions++;
            bytes += Translation.bytes(instruction);
            if (instruction.isJump()) {
                jump(block, instruction, context);
                return;
            }
            pc = instruction.next();
        }
    }

    private void jump(Block block, Instruction jump, Context context) {
        Place next = new Place(jump.next(), context);
        switch (jump.op()) {
            case Op.J -> block.targets = List.of(new Place(jump.target(), context));
            case Op.JAL -> block.targets = called(List.of(jump.target()), Context.call(context, jump.next()));
            case Op.JR -> block.targets = indirect(jump, context);
            case Op.JALR -> block.targets = callees(jump, context);
            default -> {
                block.targets = List.of(taken(block, jump));
                block.next = next;
            }
        }
        boolean backward = jump.isBranch() && jump.imm() <= 0;
        if (block.next != null && !backward) {
            open.add(next);
        }
        open.addAll(block.targets);
        if (backward) {
            open.add(next);
        }
    }

    /** Where a branch leads: in an unrolled loop to the next lap; only from the last one an edge leads backward, where the count is looked at. */
    private static Place taken(Block block, Instruction branch) {
        Place from = block.place;
        int lap = from.lap() + 1;
        boolean another = branch.target() == from.pc() && lap < LAPS && block.size() <= SHORT;
        return new Place(branch.target(), from.context(), another ? lap : 0);
    }

    private List<Place> indirect(Instruction jump, Context context) {
        if (jump.isReturn()) {
            return context == null ? List.of() : List.of(new Place(context.returnsTo(), context.outer()));
        }
        long[] seen = seen(jump);
        List<Place> targets = new ArrayList<>();
        for (int i = 0; i < seen.length && seen.length <= MAX_TARGETS; i++) {
            targets.add(new Place(seen[i], context));
        }
        return targets;
    }

    private List<Place> callees(Instruction jump, Context context) {
        List<Long> targets = new ArrayList<>();
        for (long target : seen(jump)) {
            targets.add(target);
        }
        return targets.size() > MAX_CALLEES ? List.of() : called(targets, Context.call(context, jump.next()));
    }

    private static List<Place> called(List<Long> targets, Context inside) {
        return inside == null ? List.of() : targets.stream().map(target -> new Place(target, inside)).toList();
    }

    private long[] seen(Instruction jump) {
        return codes.cached(jump.pc()).profile(patience).targets(CodePage.slot(jump.pc()));
    }

    private Instruction instruction(long pc) {
        CodePage page = page(pc);
        if (page == null) {
            return null;
        }
        long word = page.instruction(CodePage.slot(pc));
        if (Insn.op(word) != Op.CROSSING) {
            return new Instruction(pc, word);
        }
        CodePage behind = page(pc + 2);
        return behind == null ? null
                : new Instruction(pc, Decoder.decode(page.halfword(CodePage.SLOTS - 1) | behind.halfword(0) << 16));
    }

    private CodePage page(long pc) {
        CodePage page = codes.cached(pc);
        if (page != null) {
            pages.computeIfAbsent(pc & -4096, at -> new PageOfCode(at, page, page.version()));
        }
        return page;
    }
}
