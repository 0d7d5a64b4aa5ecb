package tidemark.firmware.sbi;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.FirmwareContext;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * Hart State Management extension (SBI 2.0, chapter 9). The states are those of the harts themselves: stopped, or waiting in the call that suspended
 * them. {@code stopped} is changed and looked at under this object's lock.
 */
final class HartStates implements Extension {
    private static final int STARTED = 0;
    private static final int STOPPED = 1;
    private static final int START_PENDING = 2;
    private static final int SUSPENDED = 4;
    private static final int RETENTIVE = 0;
    private static final int NON_RETENTIVE = 0x8000_0000;
    private static final long NEVER = -1;

    private final FirmwareContext context;
    private final List<Hart> harts;
    /** Those that are to start at their next boundary. Empty whenever no hart runs. */
    private final Set<Hart> starting = new HashSet<>();
    /** What {@code instret} of each hart is while it is suspended; a hart that waits at another instruction is in WFI. */
    private final long[] suspendedAt;

    HartStates(FirmwareContext context) {
        this.context = context;
        harts = context.harts();
        suspendedAt = new long[harts.size()];
        reset();
    }

    synchronized void reset() {
        starting.clear();
        Arrays.fill(suspendedAt, NEVER);
    }

    @Override
    public Outcome call(Hart hart, int function) {
        return switch (function) {
            case 0 -> start(hart.x[A0], hart.x[A1], hart.x[A2]);
            case 1 -> stop(hart);
            case 2 -> status(hart.x[A0]);
            case 3 -> suspend(hart, (int) hart.x[A0], hart.x[A1], hart.x[A2]);
            default -> Outcome.NOT_SUPPORTED;
        };
    }

    private Outcome start(long id, long address, long opaque) {
        if (!exists(id)) {
            return Outcome.INVALID_PARAM;
        }
        if (!executable(address)) {
            return Outcome.INVALID_ADDRESS;
        }
        Hart target = harts.get((int) id);
        if (!reserve(target)) {
            return Outcome.ALREADY_AVAILABLE;
        }
        context.post(target.id, () -> startHere(target, address, opaque));
        return Outcome.SUCCESS;
    }

    private synchronized boolean reserve(Hart target) {
        return target.stopped && starting.add(target);
    }

    private void startHere(Hart hart, long address, long opaque) {
        Supervisor.enter(hart, address, opaque);
        hart.mie = 0;
        hart.mipSoftware = 0;
        hart.waiting = false;
        Time.set(context, hart, NEVER);
        context.fence(hart, hart.id, FirmwareContext.Fence.EVERYTHING);
        started(hart);
    }

    private synchronized void started(Hart hart) {
        hart.stopped = false;
        starting.remove(hart);
    }

    private synchronized Outcome stop(Hart hart) {
        hart.stopped = true;
        hart.requestAttention();
        return Outcome.NO_RETURN;
    }

    private Outcome status(long id) {
        return exists(id) ? Outcome.of(state(harts.get((int) id))) : Outcome.INVALID_PARAM;
    }

    private synchronized int state(Hart hart) {
        if (hart.stopped) {
            return starting.contains(hart) ? START_PENDING : STOPPED;
        }
        return hart.waiting && hart.instret == suspendedAt[hart.id] ? SUSPENDED : STARTED;
    }

    private Outcome suspend(Hart hart, int type, long address, long opaque) {
        return switch (type) {
            case RETENTIVE -> {
                await(hart);
                yield Outcome.SUCCESS;
            }
            case NON_RETENTIVE -> suspend(hart, address, opaque);
            default -> Outcome.INVALID_PARAM;
        };
    }

    /** To resume at {@code address} with S-mode's registers lost. */
    Outcome suspend(Hart hart, long address, long opaque) {
        if (!executable(address)) {
            return Outcome.INVALID_ADDRESS;
        }
        Supervisor.enter(hart, address, opaque);
        context.fence(hart, hart.id, FirmwareContext.Fence.EVERYTHING);
        await(hart);
        return Outcome.NO_RETURN;
    }

    /** As WFI does, for an interrupt that sie enables. The ECALL will have retired. */
    private synchronized void await(Hart hart) {
        suspendedAt[hart.id] = hart.instret + 1;
        hart.waiting = true;
        hart.requestAttention();
    }

    /** Whether all harts are stopped but this one. */
    synchronized boolean alone(Hart hart) {
        return starting.isEmpty() && harts.stream().allMatch(other -> other.id == hart.id || other.stopped);
    }

    private boolean exists(long id) {
        return id >= 0 && id < harts.size();
    }

    private boolean executable(long address) {
        return (address & 1) == 0 && context.memory().contains(address, 2);
    }

    synchronized State save(State into) {
        return into.put("suspendedAt", suspendedAt);
    }

    synchronized void load(State state) throws StateException {
        state.getLongs("suspendedAt", suspendedAt);
        starting.clear();
    }
}
