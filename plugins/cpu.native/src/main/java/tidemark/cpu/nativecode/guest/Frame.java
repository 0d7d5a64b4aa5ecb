package tidemark.cpu.nativecode.guest;

import java.lang.foreign.Arena;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;
import tidemark.riscv.Status;

/** What machine code and engine tell each other, off-heap; the constants are offsets from {@link #address}. One hart's. */
public final class Frame {
    /** Instructions that may be executed; what remains of them. 32 bits. */
    public static final int LEFT = 0;
    /** A {@link tidemark.interpreter.FloatingUnit}, with {@link #ARMED} as one more. 32 bits. */
    public static final int FLOATING = 4;
    /** Where the guest goes on. */
    public static final int PC = 8;
    /** Host address of the jump table that holds. */
    public static final int TABLE = 16;
    /** Host addresses of the card table and of RAM. */
    public static final int CARDS = 24;
    public static final int RAM = 32;
    /** The floating-point control register: as code wants it, and as code left it. 32 bits each. */
    public static final int CONTROL = 40;
    public static final int CONTROL_LEFT = 44;
    /**
     * The hart's mode; whether an interrupt that is enabled but for sstatus.SIE is pending; whether code wrote one of the copies below.
     * 32 bits each.
     */
    public static final int MODE = 48;
    public static final int PENDING = 52;
    public static final int WROTE = 56;
    /** Copies of CSRs that trap handlers use most. */
    public static final int SSTATUS = 64;
    public static final int SSCRATCH = 72;
    public static final int SEPC = 80;
    public static final int SCAUSE = 88;
    public static final int STVAL = 96;
    /**
     * Copies of the hart's reservation and of the value that it read; host address less the guest's physical address, of any byte of RAM.
     */
    public static final int RESERVATION = 104;
    public static final int RESERVED_VALUE = 112;
    public static final int RAM_OFFSET = 120;
    /** Addresses of the TLBs for reads and for writes, as they hold without sstatus.SUM, then with it. */
    public static final int TLBS = 128;
    /** Whether they differ, and code may change that bit. 32 bits. */
    public static final int SWITCHES = 160;
    private static final int SIZE = 192;

    /** The host's control register is {@link #CONTROL}'s: the guest's arithmetic may be done. */
    public static final int ARMED = 3;

    /** log2 of the number of entries of a jump table, and of the bytes of one: the guest's address, then the host's address of its code. */
    public static final int TABLE_SHIFT = 12;
    public static final int ENTRY_SHIFT = 4;

    private static final int ALIGNMENT = 64;
    private static final long WRITTEN = Status.SIE | Status.SUM;

    private final long address;

    /** @param control what {@link #CONTROL} is */
    public Frame(Arena arena, int control, PhysicalMemory memory) {
        address = arena.allocate(SIZE, ALIGNMENT).address();
        HostMemory.putInt(address + CONTROL, control);
        HostMemory.putLong(address + RAM, memory.hostAddress());
        HostMemory.putLong(address + RAM_OFFSET, memory.hostAddress() - memory.base());
    }

    public long address() {
        return address;
    }

    public void enter(int left, int floating, long table) {
        HostMemory.putInt(address + LEFT, left);
        HostMemory.putInt(address + FLOATING, floating);
        HostMemory.putLong(address + TABLE, table);
    }

    /** Whether sstatus.SUM says which TLBs hold. */
    public static boolean switchesTlbs(Hart hart) {
        return hart.privilege == Hart.SUPERVISOR && (hart.mstatus & Status.MPRV) == 0;
    }

    /** Copies what code may read of the hart. */
    public void enter(Hart hart) {
        HostMemory.putInt(address + MODE, hart.privilege);
        HostMemory.putInt(address + PENDING, (hart.mip() & hart.mie) == 0 ? 0 : 1);
        HostMemory.putInt(address + WROTE, 0);
        HostMemory.putInt(address + SWITCHES, switchesTlbs(hart) ? 1 : 0);
        HostMemory.putLong(address + SSTATUS, Status.supervisorView(hart));
        HostMemory.putLong(address + SSCRATCH, hart.sscratch);
        HostMemory.putLong(address + SEPC, hart.sepc);
        HostMemory.putLong(address + SCAUSE, hart.scause);
        HostMemory.putLong(address + STVAL, hart.stval);
        HostMemory.putLong(address + RESERVATION, hart.reservation);
        HostMemory.putLong(address + RESERVED_VALUE, hart.reservedValue);
    }

    /** Copies what code has written of the hart. @return whether it has */
    public boolean leave(Hart hart) {
        boolean wrote = HostMemory.getInt(address + WROTE) != 0;
        if (wrote) {
            hart.mstatus = hart.mstatus & ~WRITTEN | HostMemory.getLong(address + SSTATUS) & WRITTEN;
            hart.sscratch = HostMemory.getLong(address + SSCRATCH);
            hart.sepc = HostMemory.getLong(address + SEPC);
            hart.scause = HostMemory.getLong(address + SCAUSE);
            hart.stval = HostMemory.getLong(address + STVAL);
            hart.reservation = HostMemory.getLong(address + RESERVATION);
            hart.reservedValue = HostMemory.getLong(address + RESERVED_VALUE);
        }
        return wrote;
    }

    public void cards(long cards) {
        HostMemory.putLong(address + CARDS, cards);
    }

    public int left() {
        return HostMemory.getInt(address + LEFT);
    }

    public int floating() {
        return HostMemory.getInt(address + FLOATING);
    }

    public long pc() {
        return HostMemory.getLong(address + PC);
    }

    public int control() {
        return HostMemory.getInt(address + CONTROL_LEFT);
    }
}
