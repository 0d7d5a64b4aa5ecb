package tidemark.cpu.translator;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.invoke.VarHandle;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.interpreter.Tlb;
import tidemark.riscv.Op;

/**
 * Writes loads and stores. An access is first compared with the page that its base register was last used for; then with the TLB, which also knows
 * misaligned accesses within a page; what is in neither is a miss.
 */
final class MemoryGroup {
    private static final long PAGE_MASK = -PhysicalMemory.PAGE_SIZE;
    private static final int ENTRY_BITS = Integer.numberOfTrailingZeros(Tlb.ENTRIES);
    private static final long BOX = 0xFFFFFFFF_00000000L;

    private final Body body;
    private final CodeBuilder code;
    private final Locals locals;
    private final int cardShift;
    private Groups groups = Groups.none();
    private long places;

    MemoryGroup(Body body, int cardShift) {
        this.body = body;
        this.code = body.code;
        this.locals = body.locals;
        this.cardShift = cardShift;
    }

    void block(Groups ofBlock) {
        groups = ofBlock;
    }

    void write(Instruction i) {
        Groups.Group group = groups.of(i);
        if (group == null) {
            check(i);
            code.lload(Locals.ADDRESS).lload(page(i) + 2).ladd();
        } else {
            if (group.leader == i) {
                check(group, i);
            }
            code.lload(locals.group(group.number));
            if (i.imm() != 0) {
                code.loadConstant((long) i.imm()).ladd();
            }
        }
        if (i.isLoad()) {
            load(i);
        } else {
            store(i);
        }
    }

    private int page(Instruction i) {
        return locals.page(i.rs1(), i.isStore());
    }

    /** Leaves the address in {@link Locals#ADDRESS}, its page's addend behind the base register's page. */
    private void check(Instruction i) {
        int page = page(i);
        Label known = code.newLabel();
        address(i, i.imm(), Locals.ADDRESS);
        code.lload(Locals.ADDRESS).loadConstant(PAGE_MASK | i.size() - 1).land().lload(page).lcmp().ifeq(known);
        entry(i);
        compare(Locals.ADDRESS, i.size() - 1L);
        adopt(i, page);
        code.labelBinding(known);
    }

    /** Leaves the host address that the base register stands for in the group's local. */
    private void check(Groups.Group group, Instruction i) {
        int page = page(i);
        Label known = code.newLabel();
        Label unknown = code.newLabel();
        address(i, group.low, Locals.ADDRESS);
        address(i, group.high, Locals.LAST);
        code.lload(Locals.ADDRESS).loadConstant(PAGE_MASK).land().lload(page).lcmp().ifne(unknown);
        code.lload(Locals.LAST).loadConstant(PAGE_MASK).land().lload(page).lcmp().ifeq(known);
        code.labelBinding(unknown);
        entry(i);
        compare(Locals.ADDRESS, 0);
        compare(Locals.LAST, 0);
        adopt(i, page);
        code.labelBinding(known);
        body.x(i.rs1());
        code.lload(page + 2).ladd().lstore(locals.group(group.number));
    }

    private void address(Instruction i, int offset, int into) {
        body.x(i.rs1());
        if (offset != 0) {
            code.loadConstant((long) offset).ladd();
        }
        code.lstore(into);
    }

    /**
     * Takes the tag of the TLB's entry for the address. HotSpot computes what several places have in common ahead of them all, be they ever so seldom
     * executed: so each place computes the entry from another number that has the same one, and all that follows from the tag that was found.
     */
    private void entry(Instruction i) {
        code.lload(Locals.ADDRESS).loadConstant(places++ << PhysicalMemory.PAGE_SHIFT + ENTRY_BITS).lxor();
        code.loadConstant(PhysicalMemory.PAGE_SHIFT - Tlb.ENTRY_SHIFT).lushr().loadConstant(Tlb.ENTRIES - 1L << Tlb.ENTRY_SHIFT).land().lstore(Locals.ENTRY);
        inEntry(i, 0).lstore(Locals.TAG);
    }

    private CodeBuilder inEntry(Instruction i, int offset) {
        code.aload(i.isLoad() ? Locals.READS : Locals.WRITES).lload(Locals.ENTRY);
        if (offset != 0) {
            code.loadConstant((long) offset).ladd();
        }
        body.call(HostMemory.class, "getLong", CD_long, Body.LONGS, CD_long);
        return code;
    }

    /** Looks whether a byte is in the page of the tag, which has lower bits only if it is that of no page. */
    private void compare(int address, long offset) {
        code.lload(Locals.TAG).loadConstant(~PAGE_MASK).land().loadConstant(offset).ladd().lload(address).ladd();
        code.loadConstant(PAGE_MASK).land().lload(Locals.TAG).lcmp().ifne(body.miss());
    }

    /** Makes the entry's page the one that the base register was last used for. */
    private void adopt(Instruction i, int page) {
        code.lload(Locals.TAG).lstore(page);
        inEntry(i, Long.BYTES).lstore(page + 2);
    }

    private void load(Instruction i) {
        switch (i.op()) {
            case Op.LB -> get("getByte", CD_byte).i2l();
            case Op.LH -> get("getShort", CD_short).i2l();
            case Op.LW -> get("getInt", CD_int).i2l();
            case Op.LD -> get("getLong", CD_long);
            case Op.LBU -> get("getByte", CD_byte).loadConstant(0xFF).iand().i2l();
            case Op.LHU -> get("getShort", CD_short).loadConstant(0xFFFF).iand().i2l();
            case Op.LWU -> get("getInt", CD_int).i2l().loadConstant(0xFFFFFFFFL).land();
            case Op.FLD -> get("getDouble", CD_double);
            default -> {
                get("getInt", CD_int).i2l().loadConstant(BOX).lor();
                body.toDouble();
            }
        }
        if (i.op() >= Op.FLW) {
            body.setF(i.rd());
        } else {
            body.setX(i.rd());
        }
    }

    /**
     * HotSpot may exchange loads that do not depend on each other, as it sees it. The memory model demands the order of those that overlap (CoRR) and of
     * those that depend on each other in the guest's instructions (RVWMO, rules 2 and 9 to 13). On x86 the fence costs no instruction.
     */
    private CodeBuilder get(String name, java.lang.constant.ClassDesc type) {
        body.call(HostMemory.class, name, type, CD_long);
        body.call(VarHandle.class, "loadLoadFence", CD_void);
        return code;
    }

    private void store(Instruction i) {
        if (cardShift >= 0) {
            code.lstore(Locals.HOST).lload(Locals.HOST);
        }
        value(i);
        switch (i.size()) {
            case 1 -> put(code.l2i().i2b(), "putByte", CD_byte);
            case 2 -> put(code.l2i().i2s(), "putShort", CD_short);
            case 4 -> put(code.l2i(), "putInt", CD_int);
            default -> put(code, i.op() == Op.FSD ? "putDouble" : "putLong", i.op() == Op.FSD ? CD_double : CD_long);
        }
        if (cardShift >= 0) {
            mark(0);
            if (i.size() > 1 && cardShift < PhysicalMemory.PAGE_SHIFT) {
                mark(i.size() - 1);
            }
        }
    }

    private void value(Instruction i) {
        if (i.op() < Op.FLW) {
            body.x(i.rs2());
        } else {
            body.f(i.rs2());
            if (i.op() == Op.FSW) {
                body.toBits();
            }
        }
    }

    private void put(CodeBuilder afterValue, String name, java.lang.constant.ClassDesc type) {
        body.call(HostMemory.class, name, CD_void, CD_long, type);
    }

    private void mark(int offset) {
        code.lload(Locals.CARDS).lload(Locals.HOST);
        if (offset != 0) {
            code.loadConstant((long) offset).ladd();
        }
        code.lload(Locals.RAM).lsub().loadConstant(cardShift).lushr().ladd().iconst_1();
        body.call(HostMemory.class, "putByte", CD_void, CD_long, CD_byte);
    }
}
