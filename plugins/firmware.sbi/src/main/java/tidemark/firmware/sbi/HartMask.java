package tidemark.firmware.sbi;

import java.util.List;
import java.util.function.Consumer;
import tidemark.api.cpu.Hart;

/** Harts as a bit vector and the id of its first bit (SBI 2.0, chapter 3). */
final class HartMask {
    private static final long ALL = -1;

    private final List<Hart> harts;

    HartMask(List<Hart> harts) {
        this.harts = harts;
    }

    /** Hands each hart that a mask means to {@code action}; none if one of them is not there. */
    Outcome each(long mask, long base, Consumer<Hart> action) {
        if (base == ALL) {
            harts.forEach(action);
            return Outcome.SUCCESS;
        }
        if (Long.compareUnsigned(base, harts.size()) >= 0 || mask >>> harts.size() - base != 0) {
            return Outcome.INVALID_PARAM;
        }
        for (Hart hart : harts.subList((int) base, harts.size())) {
            if ((mask >>> hart.id - base & 1) != 0) {
                action.accept(hart);
            }
        }
        return Outcome.SUCCESS;
    }
}
