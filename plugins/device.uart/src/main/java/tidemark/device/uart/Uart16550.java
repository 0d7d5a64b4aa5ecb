package tidemark.device.uart;

import tidemark.api.device.Clock;
import tidemark.api.device.Device;
import tidemark.api.device.DeviceContext;
import tidemark.api.device.InterruptLine;
import tidemark.api.device.Timer;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

/**
 * 16550A (National Semiconductor PC16550D data sheet, June 1995). Byte accesses. The transmitter is always empty: what the guest
 * writes is sent at once. The receiver takes input only when it has room, so that nothing is overrun but in loopback.
 */
final class Uart16550 implements Device {
    // Registers; RBR, THR, IER give way to DLL, DLM while LCR.DLAB is set
    static final int RBR = 0;
    static final int THR = 0;
    static final int DLL = 0;
    static final int IER = 1;
    static final int DLM = 1;
    static final int IIR = 2;
    static final int FCR = 2;
    static final int LCR = 3;
    static final int MCR = 4;
    static final int LSR = 5;
    static final int MSR = 6;
    static final int SCR = 7;

    static final int IER_ERBFI = 0x01;
    static final int IER_ETBEI = 0x02;
    static final int IER_ELSI = 0x04;
    static final int IER_EDSSI = 0x08;
    private static final int IER_MASK = 0x0F;

    static final int IIR_NONE = 0x01;
    static final int IIR_MODEM_STATUS = 0x00;
    static final int IIR_THR_EMPTY = 0x02;
    static final int IIR_DATA_AVAILABLE = 0x04;
    static final int IIR_LINE_STATUS = 0x06;
    static final int IIR_CHARACTER_TIMEOUT = 0x0C;
    static final int IIR_FIFOS_ENABLED = 0xC0;

    static final int FCR_ENABLE = 0x01;
    static final int FCR_RESET_RECEIVER = 0x02;

    static final int LCR_DLAB = 0x80;

    static final int MCR_LOOP = 0x10;
    private static final int MCR_MASK = 0x1F;

    static final int LSR_DR = 0x01;
    static final int LSR_OE = 0x02;
    static final int LSR_THRE = 0x20;
    static final int LSR_TEMT = 0x40;

    private static final int MSR_DELTAS = 0x0F;
    static final int MSR_TERI = 0x04;
    static final int MSR_CTS = 0x10;
    static final int MSR_DSR = 0x20;
    static final int MSR_RI = 0x40;
    static final int MSR_DCD = 0x80;
    /** The host's end is always there and ready. */
    private static final int MSR_CONNECTED = MSR_CTS | MSR_DSR | MSR_DCD;

    static final int FIFO_SIZE = 16;
    private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};
    private static final int CLOCK_HZ = 3_686_400;
    /** Bits of a character: start, 8, stop. */
    private static final int CHARACTER_BITS = 10;
    private static final int TIMEOUT_CHARACTERS = 4;
    private static final int DIVISOR_AT_POWER_ON = 12;
    /** How long the line tells a driver that never reads IIR of an empty THR, in ticks of mtime: 1 ms. */
    static final long THR_PATIENCE = Clock.FREQUENCY / 1000;
    /** The longest time between two reminders that follow, each twice as long after the one before. */
    static final long LONGEST_REMINDER = THR_PATIENCE << 10;
    private static final int VERSION = 4;

    private final DeviceContext context;
    private final InterruptLine interrupt;
    private final Timer timeout;
    private final Timer thrPatience;
    private final ReceiverFifo received = new ReceiverFifo();

    /** Whether the guest has accessed it: until then input is left to firmware, which may serve a console of its own on this line. */
    private boolean used;
    private int ier;
    private int fcr;
    private int lcr;
    private int mcr;
    private int msr;
    private int scr;
    private int divisor;
    private boolean overrun;
    /** THR became empty, or its interrupt was enabled while it was; until IIR says so or THR is written. */
    private boolean thrEmptied;
    /**
     * Whether the line tells of that. A driver that has read IIR is told by the book, until IIR says so. To a driver that never has, the line
     * would be raised for ever: the driver is told until LSR shows that THR is empty, or for {@link #THR_PATIENCE}. It may have been in its handler
     * all that time, where an interrupt controller takes no further interrupt; so it is reminded by pulses, ever more seldom.
     */
    private boolean thrOnLine;
    private boolean iirRead;
    /** mtime of the end of {@link #THR_PATIENCE} or of the next reminder, or -1. */
    private long thrPatienceAt;
    /** Between the reminder before and the next, in ticks of mtime. */
    private long thrReminder;
    private boolean timedOut;
    /** mtime of the character timeout, or -1. */
    private long timeoutAt;

    Uart16550(DeviceContext context) {
        this.context = context;
        interrupt = context.interrupt();
        timeout = context.timer(this::characterTimeout);
        thrPatience = context.timer(this::thrPatienceEnded);
        powerOn();
        context.console().onInput(this::receive);
    }

    private void powerOn() {
        used = false;
        ier = 0;
        fcr = 0;
        lcr = 0;
        mcr = 0;
        msr = MSR_CONNECTED;
        scr = 0;
        divisor = DIVISOR_AT_POWER_ON;
        overrun = false;
        thrEmptied = false;
        iirRead = false;
        thrReminder = THR_PATIENCE;
        thrOffLine();
        received.set(new byte[0], 0);
        clearReceiver();
    }

    @Override
    public synchronized long load(long offset, int size) throws BusFault {
        check(offset, size);
        use();
        boolean dlab = (lcr & LCR_DLAB) != 0;
        return switch ((int) offset) {
            case RBR -> dlab ? divisor & 0xFF : readReceiver();
            case IER -> dlab ? divisor >>> 8 : ier;
            case IIR -> readIir();
            case LCR -> lcr;
            case MCR -> mcr;
            case LSR -> readLsr();
            case MSR -> readMsr();
            default -> scr;
        };
    }

    @Override
    public synchronized void store(long offset, int size, long value) throws BusFault {
        check(offset, size);
        use();
        boolean dlab = (lcr & LCR_DLAB) != 0;
        int bits = (int) value & 0xFF;
        switch ((int) offset) {
            case THR -> {
                if (dlab) {
                    divisor = divisor & 0xFF00 | bits;
                } else {
                    transmit((byte) bits);
                }
            }
            case IER -> {
                if (dlab) {
                    divisor = divisor & 0xFF | bits << 8;
                } else {
                    if ((bits & ~ier & IER_ETBEI) != 0) {
                        thrEmptied();
                    }
                    ier = bits & IER_MASK;
                }
            }
            case FCR -> writeFcr(bits);
            case LCR -> lcr = bits;
            case MCR -> writeMcr(bits & MCR_MASK);
            case LSR, MSR -> {
                // Written in factory tests only, says the data sheet: nothing happens.
            }
            default -> scr = bits;
        }
        drive();
    }

    private void use() {
        if (!used) {
            used = true;
            fill();
        }
    }

    private static void check(long offset, int size) throws BusFault {
        if (size != 1 || offset > SCR) {
            throw new BusFault(offset);
        }
    }

    private void transmit(byte value) {
        if ((mcr & MCR_LOOP) == 0) {
            context.console().transmit(value);
        } else {
            arrive(value);
            startTimeout();
        }
        thrEmptied();
    }

    private void thrEmptied() {
        thrEmptied = true;
        thrOnLine = true;
        if (!iirRead) {
            remindIn(THR_PATIENCE);
        }
    }

    private void remindIn(long ticks) {
        thrReminder = ticks;
        thrPatienceAt = context.clock().mtime() + ticks;
        thrPatience.set(thrPatienceAt);
    }

    private void thrOffLine() {
        thrOnLine = false;
        thrPatienceAt = -1;
        thrPatience.cancel();
    }

    private synchronized void thrPatienceEnded() {
        boolean reminder = !thrOnLine;
        thrOffLine();
        if (reminder && (ier & IER_ETBEI) != 0) {
            interrupt.set(true);
        }
        drive();
        if (thrReminder < LONGEST_REMINDER) {
            remindIn(2 * thrReminder);
        }
    }

    // Receiver

    /** Input is there, on any thread. */
    private synchronized void receive() {
        fill();
        drive();
    }

    private void fill() {
        boolean some = false;
        while (used && (mcr & MCR_LOOP) == 0 && received.size() < capacity()) {
            int value = context.console().receive();
            if (value < 0) {
                break;
            }
            arrive((byte) value);
            some = true;
        }
        if (some) {
            startTimeout();
        }
    }

    private void arrive(byte value) {
        if (received.size() < capacity()) {
            received.add(value);
            return;
        }
        overrun = true;
        if (!fifosEnabled()) {
            received.clear();
            received.add(value);
        }
    }

    /** An empty receiver gives the last character again; there is nothing better in the data sheet. */
    private int readReceiver() {
        int value = received.take();
        timedOut = false;
        fill();
        startTimeout();
        drive();
        return value;
    }

    private void clearReceiver() {
        received.clear();
        timedOut = false;
        startTimeout();
    }

    private int capacity() {
        return fifosEnabled() ? FIFO_SIZE : 1;
    }

    private boolean fifosEnabled() {
        return (fcr & FCR_ENABLE) != 0;
    }

    private int triggerLevel() {
        return fifosEnabled() ? TRIGGER_LEVELS[fcr >>> 6] : 1;
    }

    /** Four character times without a character coming or going while some wait below the trigger level. */
    private void startTimeout() {
        if (fifosEnabled() && received.size() > 0) {
            long character = (long) CHARACTER_BITS * 16 * Math.max(1, divisor) * Clock.FREQUENCY / CLOCK_HZ;
            timeoutAt = context.clock().mtime() + TIMEOUT_CHARACTERS * character;
            timeout.set(timeoutAt);
        } else {
            timeoutAt = -1;
            timeout.cancel();
        }
    }

    private synchronized void characterTimeout() {
        timeoutAt = -1;
        timedOut = received.size() > 0;
        drive();
    }

    // Control and status

    private void writeFcr(int bits) {
        if (((bits ^ fcr) & FCR_ENABLE) != 0 || (bits & FCR_ENABLE) != 0 && (bits & FCR_RESET_RECEIVER) != 0) {
            clearReceiver();
        }
        fcr = (bits & FCR_ENABLE) != 0 ? bits : 0;
        fill();
    }

    private void writeMcr(int bits) {
        mcr = bits;
        int lines = (bits & MCR_LOOP) != 0 ? loopedLines(bits) : MSR_CONNECTED;
        int changed = (lines ^ msr) & ~MSR_DELTAS;
        int deltas = changed >>> 4 & ~MSR_TERI | (changed & msr & MSR_RI) >>> 4;
        msr = lines | msr & MSR_DELTAS | deltas;
        fill();
    }

    /** Loopback: DTR, RTS, OUT1, OUT2 come back as DSR, CTS, RI, DCD. */
    private static int loopedLines(int mcr) {
        return (mcr & 1) << 5 | (mcr & 2) << 3 | (mcr & 4) << 4 | (mcr & 8) << 4;
    }

    private int readLsr() {
        int value = LSR_THRE | LSR_TEMT | (received.size() > 0 ? LSR_DR : 0) | (overrun ? LSR_OE : 0);
        overrun = false;
        if (!iirRead) {
            thrOffLine();
        }
        drive();
        return value;
    }

    private int readMsr() {
        int value = msr;
        msr &= ~MSR_DELTAS;
        drive();
        return value;
    }

    private int readIir() {
        int source = pendingInterrupt(thrEmptied);
        iirRead = true;
        thrPatienceAt = -1;
        thrPatience.cancel();
        thrEmptied &= source != IIR_THR_EMPTY;
        thrOnLine = thrEmptied;
        drive();
        return source | (fifosEnabled() ? IIR_FIFOS_ENABLED : 0);
    }

    /** The pending interrupt of the highest priority, as IIR shows it. @param thr whether an empty THR counts */
    private int pendingInterrupt(boolean thr) {
        if ((ier & IER_ELSI) != 0 && overrun) {
            return IIR_LINE_STATUS;
        }
        if ((ier & IER_ERBFI) != 0 && received.size() >= triggerLevel()) {
            return IIR_DATA_AVAILABLE;
        }
        if ((ier & IER_ERBFI) != 0 && timedOut) {
            return IIR_CHARACTER_TIMEOUT;
        }
        if ((ier & IER_ETBEI) != 0 && thr) {
            return IIR_THR_EMPTY;
        }
        return (ier & IER_EDSSI) != 0 && (msr & MSR_DELTAS) != 0 ? IIR_MODEM_STATUS : IIR_NONE;
    }

    private void drive() {
        interrupt.set(pendingInterrupt(thrOnLine) != IIR_NONE);
    }

    // Life

    @Override
    public synchronized void reset() {
        powerOn();
        fill();
        drive();
    }

    @Override
    public synchronized State save() {
        return new State(context.name(), VERSION).put("used", used).put("ier", ier).put("fcr", fcr).put("lcr", lcr).put("mcr", mcr).put("msr", msr).put("scr", scr)
                .put("divisor", divisor).put("overrun", overrun).put("thrEmptied", thrEmptied).put("timedOut", timedOut).put("timeoutAt", timeoutAt)
                .put("iirRead", iirRead).put("thrOnLine", thrOnLine).put("thrPatienceAt", thrPatienceAt).put("thrReminder", thrReminder)
                .put("received", received.bytes()).put("last", received.last());
    }

    @Override
    public synchronized void load(State state) throws StateException {
        state.expect(context.name(), VERSION);
        byte[] waiting = state.getBytes("received");
        if (waiting.length > FIFO_SIZE) {
            throw new StateException("State '" + context.name() + "': " + waiting.length + " received bytes, the FIFO has room for " + FIFO_SIZE);
        }
        int[] registers = {state.getInt("ier"), state.getInt("fcr"), state.getInt("lcr"), state.getInt("mcr"), state.getInt("msr"), state.getInt("scr"),
            state.getInt("divisor"), state.getInt("last")};
        boolean[] flags = {state.getBoolean("overrun"), state.getBoolean("thrEmptied"), state.getBoolean("timedOut")};
        boolean wasUsed = state.version() < 2 || state.getBoolean("used");
        boolean before3 = state.version() < 3;
        boolean[] thr = {before3 || state.getBoolean("iirRead"), before3 ? flags[1] : state.getBoolean("thrOnLine")};
        long patienceAt = before3 ? -1 : state.getLong("thrPatienceAt");
        long reminder = state.version() < 4 ? LONGEST_REMINDER : state.getLong("thrReminder");
        timeoutAt = state.getLong("timeoutAt");
        used = wasUsed;
        ier = registers[0] & IER_MASK;
        fcr = registers[1] & 0xFF;
        lcr = registers[2] & 0xFF;
        mcr = registers[3] & MCR_MASK;
        msr = registers[4] & 0xFF;
        scr = registers[5] & 0xFF;
        divisor = registers[6] & 0xFFFF;
        overrun = flags[0];
        thrEmptied = flags[1];
        timedOut = flags[2];
        iirRead = thr[0];
        thrOnLine = thr[1];
        thrPatienceAt = patienceAt;
        thrReminder = Math.clamp(reminder, THR_PATIENCE, LONGEST_REMINDER);
        received.set(waiting, registers[7]);
        arm(timeout, timeoutAt);
        arm(thrPatience, thrPatienceAt);
        drive();
    }

    private static void arm(Timer timer, long at) {
        if (at == -1) {
            timer.cancel();
        } else {
            timer.set(at);
        }
    }

    @Override
    public synchronized void close() {
        timeout.cancel();
        thrPatience.cancel();
        interrupt.set(false);
    }
}
