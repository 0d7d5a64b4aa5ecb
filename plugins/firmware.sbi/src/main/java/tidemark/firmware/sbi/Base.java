package tidemark.firmware.sbi;

import java.util.function.IntPredicate;
import tidemark.api.cpu.Hart;

/** Base extension (SBI 2.0, chapter 4). */
final class Base implements Extension {
    private static final long SPECIFICATION_2_0 = 2 << 24;
    /** Not among those that the specification lists. */
    private static final long IMPLEMENTATION_ID = 0x74696465;
    private static final long IMPLEMENTATION_VERSION = 1;
    /** mvendorid, marchid and mimpid: what the CSRs of harts say. */
    private static final long NOT_GIVEN = 0;

    private final IntPredicate available;

    /** @param available whether there is an extension of an id */
    Base(IntPredicate available) {
        this.available = available;
    }

    @Override
    public Outcome call(Hart hart, int function) {
        return switch (function) {
            case 0 -> Outcome.of(SPECIFICATION_2_0);
            case 1 -> Outcome.of(IMPLEMENTATION_ID);
            case 2 -> Outcome.of(IMPLEMENTATION_VERSION);
            case 3 -> Outcome.of(probe(hart.x[A0]));
            case 4, 5, 6 -> Outcome.of(NOT_GIVEN);
            default -> Outcome.NOT_SUPPORTED;
        };
    }

    private long probe(long id) {
        return id == (int) id && available.test((int) id) ? 1 : 0;
    }
}
