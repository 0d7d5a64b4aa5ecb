package tidemark.archetype.cpu;

import tidemark.api.cpu.EngineContext;
import tidemark.interpreter.Interpreter;
import tidemark.interpreter.Regime;

/** The platform's interpreter with a place to change things. The registers and RAM are the machine's: the engine may be exchanged at any instruction. */
final class SampleCpu extends Interpreter {
    SampleCpu(EngineContext context) {
        super(context);
    }

    /**
     * Called for some thousands of instructions at a time, from {@code hart.pc}. Execute what you can by your own means, counting {@code left} down, and
     * leave the rest to the interpreter: {@code step} executes one instruction, {@code interpret} goes on until there may be an interrupt to take.
     */
    @Override
    protected void execute(Regime now) {
        interpret(now, 0);
    }
}
