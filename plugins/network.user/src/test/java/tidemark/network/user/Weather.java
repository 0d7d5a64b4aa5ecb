package tidemark.network.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What happens to frames on their way: of a hundred so many are lost, come twice, or later than those behind them. The same for the same seed and frames. */
final class Weather {
    private final Random random;
    private final int lost;
    private final int twice;
    private final int late;
    private final List<byte[]> held = new ArrayList<>();

    Weather(long seed, int lost, int twice, int late) {
        random = new Random(seed);
        this.lost = lost;
        this.twice = twice;
        this.late = late;
    }

    static Weather fine() {
        return new Weather(0, 0, 0, 0);
    }

    /** @return what arrives when this frame is sent */
    synchronized List<byte[]> pass(byte[] frame) {
        List<byte[]> arriving = new ArrayList<>();
        int fate = random.nextInt(100);
        if (fate < lost) {
            return arriving;
        }
        if (fate < lost + late) {
            held.add(frame);
            return held.size() > 3 ? release() : arriving;
        }
        arriving.add(frame);
        if (fate >= 100 - twice) {
            arriving.add(frame.clone());
        }
        if (random.nextInt(4) == 0) {
            arriving.addAll(release());
        }
        return arriving;
    }

    /** What was held back arrives. */
    synchronized List<byte[]> release() {
        List<byte[]> arriving = List.copyOf(held);
        held.clear();
        return arriving;
    }
}
