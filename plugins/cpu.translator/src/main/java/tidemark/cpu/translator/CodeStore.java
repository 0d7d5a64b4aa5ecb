package tidemark.cpu.translator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tidemark.interpreter.CodeCache;

/**
 * The regions of one hart, by the virtual address of their entries. Bounded: when it is full, the half that was not entered for longest goes;
 * what nobody refers to any more, the JVM unloads. On the hart's thread.
 */
final class CodeStore {
    private static final int RECENT = 8192;
    private static final int MODES = 4;
    /** Different instructions at one address, of different address spaces. */
    private static final int MAX_SPACES = 8;

    private final CodeCache codes;
    private final long most;
    private final Map<Long, List<Region>> regions = new HashMap<>();
    private final Region[][] recent = new Region[MODES][];
    private long bytes;
    private long time;

    /** @param most bytes of bytecode */
    CodeStore(CodeCache codes, long most) {
        this.codes = codes;
        this.most = most;
    }

    /** The regions that were found in a mode, by {@link #index}; each holds for what its {@link Region#stamp} says. */
    Region[] recent(int mode) {
        if (recent[mode] == null) {
            recent[mode] = new Region[RECENT];
        }
        return recent[mode];
    }

    /** What a region is valid for: a mode and the epoch of {@link CodeCache#epoch}, as one number. */
    long stamp(int mode) {
        return codes.epoch() * MODES + mode;
    }

    /** How often a region was added; what is entered is stamped with it. */
    long time() {
        return time;
    }

    /** Looks for a valid region. The page at {@code pc} is at hand. @return null if there is none */
    Region find(long pc, boolean plain, int mode, int cardShift) {
        for (Region region : regions.getOrDefault(key(pc, plain), List.of())) {
            if (region.cardShift == cardShift && region.isThere(codes)) {
                region.used = time;
                if (!plain) {
                    region.stamp = stamp(mode);
                    recent(mode)[index(pc)] = region;
                }
                return region;
            }
        }
        return null;
    }

    void add(Region region) {
        time++;
        put(region);
        if (bytes > most) {
            evict();
        }
    }

    private void put(Region region) {
        List<Region> here = regions.computeIfAbsent(key(region.pc, region.plain), key -> new ArrayList<>(1));
        bytes -= size(here);
        here.removeIf(each -> !each.isCurrent() || each.isLike(region));
        if (here.size() == MAX_SPACES) {
            here.removeLast();
        }
        here.addFirst(region);
        bytes += size(here);
        for (Region[] ofMode : recent) {
            if (ofMode != null) {
                ofMode[index(region.pc)] = null;
            }
        }
    }

    private void evict() {
        List<Region> all = new ArrayList<>();
        regions.values().forEach(all::addAll);
        all.removeIf(region -> !region.isCurrent());
        all.sort(Comparator.comparingLong((Region region) -> region.used).reversed());
        clear();
        for (Region region : all) {
            if (bytes + region.bytes > most / 2) {
                return;
            }
            put(region);
        }
    }

    private static long size(List<Region> list) {
        return list.stream().mapToLong(region -> region.bytes).sum();
    }

    void clear() {
        regions.clear();
        bytes = 0;
        forgetRecent();
    }

    /** Has every region looked for anew. */
    void forgetRecent() {
        Arrays.fill(recent, null);
    }

    /** Bytes of bytecode. */
    long bytes() {
        return bytes;
    }

    /** Where in {@link #recent} the region at an address is, if there. */
    static int index(long pc) {
        return (int) (pc >>> 1) & RECENT - 1;
    }

    /** Where a region is found: the address of its entry and of which kind it is. */
    static long key(long pc, boolean plain) {
        return pc | (plain ? 1 : 0);
    }
}
