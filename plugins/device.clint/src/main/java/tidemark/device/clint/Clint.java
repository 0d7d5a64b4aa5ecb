package tidemark.device.clint;

import java.util.Arrays;
import tidemark.api.cpu.Hart;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Timer;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** SiFive CLINT, which is the MSWI and MTIMER of the RISC-V ACLINT specification (1.0-rc4, chapters 2 and 3) side by side. 32- and 64-bit accesses. */
final class Clint implements Device {
    static final int MSIP = 0x0000;
    static final int MTIMECMP = 0x4000;
    static final int MTIME = 0xBFF8;
    private static final int VERSION = 1;
    private static final long NEVER = -1L;

    private final DeviceContext context;
    private final boolean[] msip;
    private final long[] mtimecmp;
    private final InterruptLine[] software;
    private final InterruptLine[] expired;
    private final Timer[] timers;

    Clint(DeviceContext context) {
        int harts = context.harts();
        this.context = context;
        msip = new boolean[harts];
        mtimecmp = new long[harts];
        software = new InterruptLine[harts];
        expired = new InterruptLine[harts];
        timers = new Timer[harts];
        Arrays.fill(mtimecmp, NEVER);
        for (int i = 0; i < harts; i++) {
            int hart = i;
            software[i] = context.hartLine(i, Hart.MSIP);
            expired[i] = context.hartLine(i, Hart.MTIP);
            timers[i] = context.timer(() -> compare(hart));
        }
    }

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        if (offset >= MTIME && offset < MTIME + Long.BYTES) {
            return part(context.clock().mtime(), offset, size);
        }
        if (offset >= MTIMECMP && offset < MTIME) {
            return part(mtimecmp[hart(offset - MTIMECMP, Long.BYTES, offset)], offset, size);
        }
        return msip[softwareHart(offset, size)] ? 1 : 0;
    }

    @Override
    public synchronized void store(long offset, int size, long value) throws BusFault {
        if (offset >= MTIME && offset < MTIME + Long.BYTES) {
            context.clock().mtime(replaced(context.clock().mtime(), offset, size, value));
            compareAll();
        } else if (offset >= MTIMECMP && offset < MTIME) {
            int hart = hart(offset - MTIMECMP, Long.BYTES, offset);
            mtimecmp[hart] = replaced(mtimecmp[hart], offset, size, value);
            compare(hart);
        } else {
            int hart = softwareHart(offset, size);
            msip[hart] = (value & 1) != 0;
            software[hart].set(msip[hart]);
        }
    }

    private int softwareHart(long offset, int size) throws BusFault {
        if (size != Integer.BYTES || offset >= MTIMECMP) {
            throw new BusFault(offset);
        }
        return hart(offset - MSIP, Integer.BYTES, offset);
    }

    private int hart(long offset, int stride, long at) throws BusFault {
        long hart = offset / stride;
        if (hart >= msip.length) {
            throw new BusFault(at);
        }
        return (int) hart;
    }

    /** The 32 or 64 bits at {@code offset} of an aligned 64-bit register. */
    private static long part(long register, long offset, int size) throws BusFault {
        return switch (size) {
            case Long.BYTES -> register;
            case Integer.BYTES -> register >>> shift(offset) & 0xFFFF_FFFFL;
            default -> throw new BusFault(offset);
        };
    }

    private static long replaced(long register, long offset, int size, long value) throws BusFault {
        return switch (size) {
            case Long.BYTES -> value;
            case Integer.BYTES -> register & ~(0xFFFF_FFFFL << shift(offset)) | (value & 0xFFFF_FFFFL) << shift(offset);
            default -> throw new BusFault(offset);
        };
    }

    private static int shift(long offset) {
        return (int) (offset & Integer.BYTES) * Byte.SIZE;
    }

    private void compareAll() {
        for (int hart = 0; hart < mtimecmp.length; hart++) {
            compare(hart);
        }
    }

    /** MTIP is on while mtime is at or after mtimecmp, as unsigned numbers. */
    private synchronized void compare(int hart) {
        boolean on = Long.compareUnsigned(context.clock().mtime(), mtimecmp[hart]) >= 0;
        expired[hart].set(on);
        if (on) {
            timers[hart].cancel();
        } else {
            timers[hart].set(mtimecmp[hart]);
        }
    }

    /** mtime itself is the machine's. The specification leaves mtimecmp open; here no timer runs. */
    @Override
    public synchronized void reset() {
        Arrays.fill(msip, false);
        Arrays.fill(mtimecmp, NEVER);
        drive();
    }

    private void drive() {
        for (int hart = 0; hart < msip.length; hart++) {
            software[hart].set(msip[hart]);
        }
        compareAll();
    }

    @Override
    public synchronized State save() {
        State state = new State(context.name(), VERSION).put("mtimecmp", mtimecmp);
        for (int hart = 0; hart < msip.length; hart++) {
            state.put("msip" + hart, msip[hart]);
        }
        return state;
    }

    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        long[] compares = new long[mtimecmp.length];
        boolean[] pending = new boolean[msip.length];
        state.getLongs("mtimecmp", compares);
        for (int hart = 0; hart < pending.length; hart++) {
            pending[hart] = state.getBoolean("msip" + hart);
        }
        System.arraycopy(compares, 0, mtimecmp, 0, compares.length);
        System.arraycopy(pending, 0, msip, 0, pending.length);
        drive();
    }

    @Override
    public synchronized void close() {
        for (Timer timer : timers) {
            timer.cancel();
        }
    }
}
