package tidemark.cpu.translator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import tidemark.riscv.Op;

/**
 * Which accesses of a block are checked together: those of one kind through one base register that is not written between them. They must
 * lie in one page.
 */
final class Groups {
    /** An access that would make a group reach further than this begins another. */
    private static final int MAX_SPAN = 1024;

    /** Offsets from the base register: that of the first byte, and that of the last. */
    static final class Group {
        final int number;
        final Instruction leader;
        int low;
        int high;
        private int members;

        private Group(int number, Instruction leader) {
            this.number = number;
            this.leader = leader;
            low = leader.imm();
            high = low + leader.size() - 1;
        }

        private boolean take(Instruction i) {
            int newLow = Math.min(low, i.imm());
            int newHigh = Math.max(high, i.imm() + i.size() - 1);
            if (members != 0 && newHigh - newLow >= MAX_SPAN) {
                return false;
            }
            low = newLow;
            high = newHigh;
            members++;
            return true;
        }
    }

    private final Map<Instruction, Group> groups = new IdentityHashMap<>();
    private int count;

    /** Without groups: each access is checked by itself. */
    static Groups none() {
        return new Groups();
    }

    static Groups of(Block block) {
        Groups groups = new Groups();
        groups.collect(block.instructions);
        groups.groups.values().removeIf(group -> group.members < 2);
        return groups;
    }

    private void collect(List<Instruction> instructions) {
        Map<Integer, Group> open = new HashMap<>();
        for (Instruction i : instructions) {
            if (i.isLoad() || i.isStore()) {
                int key = i.isLoad() ? i.rs1() : ~i.rs1();
                Group group = open.get(key);
                if (group == null || !group.take(i)) {
                    group = begin(i);
                    open.put(key, group);
                }
                if (group != null) {
                    groups.put(i, group);
                }
            }
            for (int written : written(i)) {
                open.remove(written);
                open.remove(~written);
            }
        }
    }

    private Group begin(Instruction leader) {
        if (count == Locals.MAX_GROUPS) {
            return null;
        }
        Group group = new Group(count++, leader);
        group.take(leader);
        return group;
    }

    private static List<Integer> written(Instruction i) {
        List<Integer> written = new ArrayList<>();
        if (i.op() >= Op.RARE && i.op() <= Op.FP) {
            int registers = FloatingGroup.use(i).writesX();
            if (registers != 0) {
                written.add(Integer.numberOfTrailingZeros(registers));
            }
        } else if (!i.isStore() && !i.isBranch() && i.op() != Op.FLW && i.op() != Op.FLD) {
            written.add(i.rd());
        }
        return written;
    }

    /** The group of an access, or null if it is checked by itself. */
    Group of(Instruction access) {
        return groups.get(access);
    }
}
