package tidemark.riscv;

import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.HostMemory;
import tidemark.api.memory.PhysicalMemory;

/**
 * Loads, stores and atomics by virtual address, complete: translation, protection, misaligned accesses (those that cross a page too), the
 * bus, the dirty log's barrier. An engine comes here when its own cache of host addresses misses; {@link Cache} tells it what to cache.
 * One for each hart.
 */
public final class MemoryPath {
    private static final int PAGE = PhysicalMemory.PAGE_SIZE;

    /** An engine's cache of host addresses. */
    public interface Cache {
        /**
         * A page that may be cached: every access of this kind to any of its bytes, by the hart as it is now, is permitted and hits this
         * host page.
         *
         * @param address virtual, any in the page
         * @param host host address of the same byte
         */
        void fill(long address, long host, Access access);

        /**
         * A store to RAM that came here is about to be made.
         *
         * @param host host address of its first byte
         */
        void storing(long host);

        /** The bus is going to be accessed: bring the hart up to date. Afterwards interrupts must be looked for. */
        void beforeBus();
    }

    private final Hart hart;
    private final PhysicalMemory memory;
    private final Bus bus;
    private final Sv39 translation;
    private final Pmp pmp;
    private final Trap trap;
    private final Cache cache;
    private boolean everyStore;
    private long cards;
    private int cardShift;

    /** @param trap thrown for every fault */
    public MemoryPath(EngineContext context, Sv39 translation, Pmp pmp, Trap trap, Cache cache) {
        this.hart = context.hart();
        this.memory = context.memory();
        this.bus = context.bus();
        this.translation = translation;
        this.pmp = pmp;
        this.trap = trap;
        this.cache = cache;
    }

    /** Looks which barrier the dirty log wants. Whenever the engine is entered. */
    public void enter() {
        DirtyLog log = memory.dirtyLog();
        everyStore = log.barrier() == Barrier.EVERY_STORE;
        if (everyStore) {
            cards = log.cardTable();
            cardShift = log.cardShift();
        }
    }

    /** Whether {@link #mark} must follow every store to RAM. */
    public boolean everyStore() {
        return everyStore;
    }

    /** Host address of the card of RAM's first byte, if {@link #everyStore}. */
    public long cardTable() {
        return cards;
    }

    /** log2 of the bytes that a card covers; -1 if there are no cards. */
    public int cardShift() {
        return everyStore ? cardShift : -1;
    }

    /** Marks the cards of a store that was made to a host address. */
    public void mark(long host, int size) {
        long offset = host - memory.hostAddress();
        HostMemory.putByte(cards + (offset >>> cardShift), (byte) 1);
        HostMemory.putByte(cards + (offset + size - 1 >>> cardShift), (byte) 1);
    }

    /** @return the value, zero-extended */
    public long load(long address, int size) {
        int inPage = PAGE - ((int) address & PAGE - 1);
        if (size > inPage) {
            long low = load(address, inPage);
            return low | load(address + inPage, size - inPage) << 8 * inPage;
        }
        long physical = translate(address, size, Access.LOAD);
        if (memory.contains(physical, size)) {
            long host = memory.readable(physical);
            offer(address, physical, host, Access.LOAD);
            return read(host, size);
        }
        if ((physical & size - 1) != 0 || Integer.bitCount(size) != 1) {
            throw trap.of(Trap.LOAD_ACCESS, address);
        }
        cache.beforeBus();
        try {
            return bus.load(physical, size);
        } catch (BusFault e) {
            throw trap.of(Trap.LOAD_ACCESS, address);
        }
    }

    /** @param value its low {@code size} bytes count */
    public void store(long address, int size, long value) {
        int inPage = PAGE - ((int) address & PAGE - 1);
        if (size > inPage) {
            // both pages or none
            long low = translate(address, inPage, Access.STORE);
            long high = translate(address + inPage, size - inPage, Access.STORE);
            storePhysical(address, low, inPage, value);
            storePhysical(address + inPage, high, size - inPage, value >>> 8 * inPage);
        } else {
            storePhysical(address, translate(address, size, Access.STORE), size, value);
        }
    }

    private void storePhysical(long address, long physical, int size, long value) {
        if (memory.contains(physical, size)) {
            long host = offeredForStores(address, physical);
            write(host, size, value);
            if (everyStore) {
                mark(host, size);
            }
            return;
        }
        if ((physical & size - 1) != 0 || Integer.bitCount(size) != 1) {
            throw trap.of(Trap.STORE_ACCESS, address);
        }
        cache.beforeBus();
        try {
            bus.store(physical, size, value);
        } catch (BusFault e) {
            throw trap.of(Trap.STORE_ACCESS, address);
        }
    }

    /** LR.W or LR.D: reserves. @return the value, sign-extended */
    public long loadReserved(long address, int size) {
        long physical = atomic(address, size, Access.LOAD);
        long host = memory.readable(physical);
        offer(address, physical, host, Access.LOAD);
        long value = readVolatile(host, size);
        hart.reservation = physical;
        hart.reservedValue = value;
        return value;
    }

    /** SC.W or SC.D. One that fails traps where a store would, too. @return 0 if it stored, else 1 */
    public long storeConditional(long address, int size, long value) {
        long reserved = hart.reservation;
        hart.reservation = -1;
        if (atomic(address, size, Access.STORE) != reserved) {
            return 1;
        }
        return exchange(offeredForStores(address, reserved), size, hart.reservedValue, value) ? 0 : 1;
    }

    /** An AMO, see {@link Arithmetic#amo}. @return the former value, sign-extended */
    public long modify(long address, int size, int funct5, long operand) {
        long host = offeredForStores(address, atomic(address, size, Access.STORE));
        long source = size == 4 ? (int) operand : operand;
        while (true) {
            long old = readVolatile(host, size);
            if (exchange(host, size, old, Arithmetic.amo(funct5, old, source))) {
                return old;
            }
        }
    }

    private long atomic(long address, int size, Access access) {
        if ((address & size - 1) != 0) {
            throw trap.of(access.misaligned, address);
        }
        long physical = translate(address, size, access);
        if (!memory.contains(physical, size)) {
            throw trap.of(access.accessFault, address);
        }
        return physical;
    }

    private long offeredForStores(long address, long physical) {
        long host = memory.writable(physical);
        cache.storing(host);
        offer(address, physical, host, Access.STORE);
        return host;
    }

    private boolean exchange(long host, int size, long expected, long value) {
        boolean done = size == 4 ? HostMemory.compareAndSetInt(host, (int) expected, (int) value)
                : HostMemory.compareAndSetLong(host, expected, value);
        if (done && everyStore) {
            mark(host, size);
        }
        return done;
    }

    private long translate(long address, int size, Access access) {
        return translation.translate(address, size, access, Status.dataPrivilege(hart));
    }

    private void offer(long address, long physical, long host, Access access) {
        if (pmp.uniform(physical)) {
            cache.fill(address, host, access);
        }
    }

    private static long readVolatile(long host, int size) {
        return size == 4 ? HostMemory.getIntVolatile(host) : HostMemory.getLongVolatile(host);
    }

    private static long read(long host, int size) {
        return switch (size) {
            case 1 -> HostMemory.getByte(host) & 0xFF;
            case 2 -> HostMemory.getShort(host) & 0xFFFF;
            case 4 -> HostMemory.getInt(host) & 0xFFFFFFFFL;
            case 8 -> HostMemory.getLong(host);
            default -> {
                long value = 0;
                for (int i = size - 1; i >= 0; i--) {
                    value = value << 8 | HostMemory.getByte(host + i) & 0xFF;
                }
                yield value;
            }
        };
    }

    private static void write(long host, int size, long value) {
        switch (size) {
            case 1 -> HostMemory.putByte(host, (byte) value);
            case 2 -> HostMemory.putShort(host, (short) value);
            case 4 -> HostMemory.putInt(host, (int) value);
            case 8 -> HostMemory.putLong(host, value);
            default -> {
                for (int i = 0; i < size; i++) {
                    HostMemory.putByte(host + i, (byte) (value >>> 8 * i));
                }
            }
        }
    }
}
