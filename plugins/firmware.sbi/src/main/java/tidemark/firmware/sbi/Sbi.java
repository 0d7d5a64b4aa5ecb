package tidemark.firmware.sbi;

import java.util.HashMap;
import java.util.Map;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Firmware;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** The firmware of one machine: RISC-V Supervisor Binary Interface Specification 2.0. Finds the extension that a call means. */
final class Sbi implements Firmware {
    private static final int VERSION = 1;
    private static final int ECALL_LENGTH = 4;
    // Extension IDs
    private static final int SET_TIMER = 0x00;
    private static final int SHUTDOWN = 0x08;
    private static final int BASE = 0x10;
    private static final int TIME = 0x54494D45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464E43;
    private static final int HSM = 0x48534D;
    private static final int SRST = 0x53525354;
    private static final int SUSP = 0x53555350;
    private static final int DBCN = 0x4442434E;

    private final FirmwareContext context;
    private final HartStates hartStates;
    private final Map<Integer, Extension> extensions = new HashMap<>();

    Sbi(FirmwareContext context) {
        this.context = context;
        hartStates = new HartStates(context);
        for (int id = SET_TIMER; id <= SHUTDOWN; id++) {
            extensions.put(id, new Legacy(context, id));
        }
        extensions.put(BASE, new Base(extensions::containsKey));
        extensions.put(TIME, new Time(context));
        extensions.put(IPI, new Ipi(context));
        extensions.put(RFENCE, new RemoteFence(context));
        extensions.put(HSM, hartStates);
        extensions.put(SRST, new SystemReset(context));
        extensions.put(SUSP, new SystemSuspend(hartStates));
        extensions.put(DBCN, new DebugConsole(context));
    }

    @Override
    public void boot(long kernel, long deviceTree) {
        hartStates.reset();
        for (Hart hart : context.harts()) {
            Supervisor.delegateAll(hart);
            hart.stopped = hart.id != 0;
        }
        Supervisor.enter(context.harts().getFirst(), kernel, deviceTree);
    }

    @Override
    public void call(Hart hart) {
        Outcome outcome = outcome(hart);
        if (outcome.returns()) {
            hart.x[Extension.A0] = outcome.a0();
            hart.x[Extension.A1] = outcome.a1();
            hart.pc += ECALL_LENGTH;
        }
    }

    /** Both numbers are signed 32-bit integers in 64-bit registers. */
    private Outcome outcome(Hart hart) {
        long id = hart.x[Extension.A7];
        Extension extension = id == (int) id ? extensions.get((int) id) : null;
        if (extension == null) {
            return Outcome.NOT_SUPPORTED;
        }
        long function = hart.x[Extension.A6];
        return extension instanceof Legacy || function == (int) function ? extension.call(hart, (int) function) : Outcome.NOT_SUPPORTED;
    }

    @Override
    public State save() {
        return hartStates.save(new State(context.name(), VERSION));
    }

    @Override
    public void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        hartStates.load(state);
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
