package tidemark.cpu.nativecode.x86;

import java.util.Arrays;

/**
 * Which guest registers of one kind are in registers of the host, and which of these are newer than the hart's. A register that is wanted
 * and not there takes the place of the one that was not used for longest.
 */
abstract class RegisterCache {
    private static final int NONE = -1;
    private static final int GUESTS = 32;

    private final int[] pool;
    /** By guest register. */
    private final int[] host = new int[GUESTS];
    private int dirty;
    /** By place in the pool. */
    private final int[] guest;
    private final int[] used;
    private int clock;
    private int changes;
    /** The clock when this instruction began: what was used since stays. */
    private int pinned;

    RegisterCache(int... pool) {
        this.pool = pool;
        guest = new int[pool.length];
        used = new int[pool.length];
        forget();
    }

    abstract void load(int to, int guestRegister);

    abstract void store(int guestRegister, int from);

    /** Nothing is in registers of the host. */
    void forget() {
        Arrays.fill(host, NONE);
        Arrays.fill(guest, NONE);
        Arrays.fill(used, 0);
        dirty = 0;
        clock = 1;
        pinned = 1;
    }

    void nextInstruction() {
        pinned = ++clock;
    }

    /** The register that holds a guest register's value. */
    int use(int guestRegister) {
        int register = host[guestRegister];
        if (register == NONE) {
            register = take(guestRegister);
            load(register, guestRegister);
        }
        touch(register);
        return register;
    }

    /** The register that a guest register's new value goes to. */
    int define(int guestRegister) {
        int register = host[guestRegister];
        if (register == NONE) {
            register = take(guestRegister);
        }
        dirty |= 1 << guestRegister;
        touch(register);
        return register;
    }

    private void touch(int register) {
        used[place(register)] = clock;
    }

    private int place(int register) {
        for (int i = 0; ; i++) {
            if (pool[i] == register) {
                return i;
            }
        }
    }

    /** How often a guest register took a place. */
    int changes() {
        return changes;
    }

    private int take(int guestRegister) {
        int oldest = NONE;
        for (int i = 0; i < pool.length; i++) {
            if (guest[i] == NONE) {
                oldest = i;
                break;
            }
            if (used[i] < pinned && (oldest == NONE || used[i] < used[oldest])) {
                oldest = i;
            }
        }
        changes++;
        evict(oldest);
        guest[oldest] = guestRegister;
        host[guestRegister] = pool[oldest];
        return pool[oldest];
    }

    private void evict(int place) {
        int former = guest[place];
        if (former != NONE) {
            if ((dirty & 1 << former) != 0) {
                store(former, pool[place]);
                dirty &= ~(1 << former);
            }
            host[former] = NONE;
        }
    }

    /** Which guest register is where: equal arrays mean the same places. */
    int[] places() {
        return guest.clone();
    }

    /** From here on all that is held counts as newer than the hart's. */
    void markAll() {
        for (int each : guest) {
            if (each != NONE && !isConstant(each)) {
                dirty |= 1 << each;
            }
        }
    }

    /** Whether a guest register never changes. */
    abstract boolean isConstant(int guestRegister);

    /** Stores what is newer than the hart's; it stays where it is. */
    void flush() {
        storeAll(dirtyOnes());
        dirty = 0;
    }

    /** What is newer than the hart's: pairs of guest and host register. */
    int[] dirtyOnes() {
        return pairs(dirty);
    }

    /** All that is held, as pairs of guest and host register. */
    int[] all() {
        return pairs(-1);
    }

    private int[] pairs(int mask) {
        int[] pairs = new int[2 * pool.length];
        int n = 0;
        for (int i = 0; i < pool.length; i++) {
            if (guest[i] != NONE && (mask & 1 << guest[i]) != 0) {
                pairs[n++] = guest[i];
                pairs[n++] = pool[i];
            }
        }
        return Arrays.copyOf(pairs, n);
    }

    void storeAll(int[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            store(pairs[i], pairs[i + 1]);
        }
    }

    void loadAll(int[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            load(pairs[i + 1], pairs[i]);
        }
    }
}
