package tidemark.cpu.translator;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.IdentityHashMap;
import java.util.Map;
import tidemark.riscv.Op;

/** Writes the bytecode of one region: a class that extends {@link Code}. */
final class Translation {
    /** HotSpot does not compile a method of 8,000 bytes; below this an estimate is safe. */
    static final int MAX_BYTES = 7000;
    private static final ClassDesc CODE = Code.class.describeConstable().orElseThrow();
    private static final ClassDesc NAME = ClassDesc.of(Code.class.getPackageName(), "Translated");

    private final Flow flow;
    private final boolean grouped;
    private final int cardShift;
    private final Map<Block, Label> labels = new IdentityHashMap<>();
    private Body body;
    private IntegerGroup integers;
    private MemoryGroup memory;
    private FloatingGroup floating;

    private Translation(Flow flow, boolean grouped, int cardShift) {
        this.flow = flow;
        this.grouped = grouped;
        this.cardShift = cardShift;
    }

    /**
     * The class file of a region.
     *
     * @param grouped whether accesses through one register are checked together
     * @param cardShift log2 of what a card covers, -1 for no cards
     */
    static byte[] of(Flow flow, boolean grouped, int cardShift) {
        return new Translation(flow, grouped, cardShift).classFile();
    }

    private byte[] classFile() {
        return ClassFile.of().build(NAME, c -> c.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(CODE)
                .withMethodBody(INIT_NAME, MTD_void, 0, m -> m.aload(0).invokespecial(CODE, INIT_NAME, MTD_void).return_())
                .withMethodBody("run", MethodTypeDesc.of(CD_int, Body.FRAME), ClassFile.ACC_FINAL, this::write));
    }

    private void write(CodeBuilder code) {
        labels.clear();
        body = new Body(code, new Locals(flow));
        integers = new IntegerGroup(body);
        memory = new MemoryGroup(body, cardShift);
        floating = new FloatingGroup(body);
        flow.blocks().forEach(block -> labels.put(block, code.newLabel()));
        JumpGroup jumps = new JumpGroup(body, flow, labels);
        body.enter(cardShift);
        for (Block block : flow.blocks()) {
            code.labelBinding(labels.get(block));
            if (block.size() != 0) {
                code.iinc(Locals.LEFT, -block.size());
            }
            memory.block(grouped ? Groups.of(block) : Groups.none());
            instructions(block);
            jumps.write(block);
        }
        body.leave();
    }

    private void instructions(Block block) {
        for (int i = 0; i < block.size(); i++) {
            Instruction instruction = block.instructions.get(i);
            if (!instruction.isJump()) {
                body.at(instruction, block.size() - i);
                write(instruction);
            }
        }
        body.deferred.check();
    }

    private void write(Instruction i) {
        if (i.isLoad() || i.isStore()) {
            memory.write(i);
        } else if (i.op() == Op.FENCE) {
            body.call(java.lang.invoke.VarHandle.class, "fullFence", CD_void);
        } else if (i.op() >= Op.RARE) {
            floating.write(i);
        } else {
            integers.write(i);
        }
    }

    /** About how many bytes an instruction becomes. */
    static int bytes(Instruction i) {
        if (i.isLoad() || i.isStore()) {
            return 88;
        } else if (i.isJump()) {
            return i.op() >= Op.JR ? 100 : 30;
        }
        return i.op() >= Op.RARE ? 60 : 12;
    }
}
