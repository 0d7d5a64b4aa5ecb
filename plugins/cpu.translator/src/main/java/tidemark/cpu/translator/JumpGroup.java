package tidemark.cpu.translator;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tidemark.riscv.Op;

/** Writes how a block ends. Where an edge leads backward, the count of instructions is looked at. */
final class JumpGroup {
    private final Body body;
    private final CodeBuilder code;
    private final Flow flow;
    private final Map<Block, Label> labels;

    JumpGroup(Body body, Flow flow, Map<Block, Label> labels) {
        this.body = body;
        this.code = body.code;
        this.flow = flow;
        this.labels = labels;
    }

    /** Writes the end of a block whose instructions, except for a jump, are written. */
    void write(Block block) {
        Instruction jump = block.jump();
        if (jump != null) {
            jump(block, jump);
        }
        if (block.rare) {
            body.rare(block.next.pc());
        } else if (block.next != null) {
            edge(block, block.next);
        }
    }

    private void jump(Block block, Instruction jump) {
        switch (jump.op()) {
            case Op.J -> edge(block, block.targets.getFirst());
            case Op.JAL -> {
                link(jump);
                known(block, jump.target());
            }
            case Op.JR -> indirect(block, jump);
            case Op.JALR -> indirect(block, jump);
            default -> branch(block, jump);
        }
    }

    private void known(Block block, long target) {
        if (block.targets.isEmpty()) {
            code.goto_(body.exit(target));
        } else {
            edge(block, block.targets.getFirst());
        }
    }

    private void link(Instruction jump) {
        code.loadConstant(jump.next());
        body.setX(jump.rd());
    }

    private void branch(Block block, Instruction branch) {
        body.x(branch.rs1());
        body.x(branch.rs2());
        if (branch.op() >= Op.BLTU) {
            body.call(Long.class, "compareUnsigned", CD_int, CD_long, CD_long);
        } else {
            code.lcmp();
        }
        Label taken = label(block, block.targets.getFirst());
        switch (branch.op()) {
            case Op.BEQ -> code.ifeq(taken);
            case Op.BNE -> code.ifne(taken);
            case Op.BLT, Op.BLTU -> code.iflt(taken);
            default -> code.ifge(taken);
        }
    }

    private void indirect(Block block, Instruction jump) {
        body.x(jump.rs1());
        code.loadConstant((long) jump.imm()).ladd().loadConstant(-2L).land().lstore(Locals.PC);
        if (jump.op() == Op.JALR) {
            link(jump);
        }
        Label other = jump.isReturn() ? body.exit() : body.astray(jump.pc());
        if (block.targets.size() == 1) {
            Place target = block.targets.getFirst();
            code.lload(Locals.PC).loadConstant(target.pc()).lcmp().ifne(other);
            edge(block, target);
        } else if (block.targets.isEmpty()) {
            code.goto_(other);
        } else {
            choose(block, other);
        }
    }

    /** Among several targets by the lower half of the address, after a look at the upper one. */
    private void choose(Block block, Label other) {
        long upper = block.targets.getFirst().pc() >> 32;
        code.lload(Locals.PC).loadConstant(32).lshr().loadConstant(upper).lcmp().ifne(other);
        List<SwitchCase> cases = new ArrayList<>();
        for (Place target : block.targets) {
            if (target.pc() >> 32 == upper) {
                cases.add(SwitchCase.of((int) target.pc(), label(block, target)));
            }
        }
        code.lload(Locals.PC).l2i().lookupswitch(other, cases);
    }

    /** Goes on at a place. */
    private void edge(Block from, Place to) {
        Block block = flow.at(to);
        if (block == null || block.size() == 0 && !block.rare) {
            code.goto_(body.exit(to.pc()));
        } else if (block.number > from.number) {
            code.goto_(labels.get(block));
        } else {
            code.iload(Locals.LEFT).loadConstant(block.longest).if_icmplt(body.exit(to.pc()));
            code.goto_(labels.get(block));
        }
    }

    /** Where to jump to, to go on at a place. */
    private Label label(Block from, Place to) {
        Block block = flow.at(to);
        if (block == null || block.size() == 0 && !block.rare) {
            return body.exit(to.pc());
        } else if (block.number > from.number) {
            return labels.get(block);
        }
        Label back = code.newLabel();
        body.cold(() -> {
            code.labelBinding(back);
            edge(from, to);
        });
        return back;
    }
}
