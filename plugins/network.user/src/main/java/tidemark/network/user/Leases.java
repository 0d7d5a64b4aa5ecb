package tidemark.network.user;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The addresses that DHCP gives away: {@value #COUNT}, from {@link Subnet#GUEST} on. A station keeps its own. If all are taken, a new one gets that of the
 * station that was not heard of for longest.
 */
final class Leases {
    static final int COUNT = 16;
    static final int SECONDS = 86_400;

    private final Map<Long, Integer> byStation = new LinkedHashMap<>(16, 0.75f, true);

    /** The address for a station: the one that it has, else the one that it wishes, else any. */
    int offer(long station, Optional<Integer> wish) {
        Integer own = byStation.get(station);
        if (own == null) {
            own = wish.filter(this::isFree).orElseGet(this::anyFree);
            byStation.put(station, own);
        }
        return own;
    }

    /** Whether the station may have that very address. After a restore nobody remembers what was leased: it is what the guest says. */
    boolean claim(long station, int address) {
        if (isFree(address)) {
            byStation.put(station, address);
        }
        return Integer.valueOf(address).equals(byStation.get(station));
    }

    void release(long station) {
        byStation.remove(station);
    }

    private boolean isFree(int address) {
        return address >= Subnet.GUEST && address < Subnet.GUEST + COUNT && !byStation.containsValue(address);
    }

    private int anyFree() {
        if (byStation.size() == COUNT) {
            byStation.remove(byStation.keySet().iterator().next());
        }
        return IntStream.range(0, COUNT).map(i -> Subnet.GUEST + i).filter(this::isFree).findFirst().orElseThrow();
    }
}
