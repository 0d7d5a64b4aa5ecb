package tidemark.cpu.translator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tidemark.api.cpu.Hart;

@Timeout(60)
class RehearsalTest {
    /**
     * A busy loop in place of code: it takes so long for an instruction as HotSpot's interpreter or a compiler's code would, of the processor's time: on a busy host this
     * thread gets only a part of the time that passes.
     */
    private static final class Busy extends Code {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
        private int nanos = 100;

        @Override
        int run(Frame frame) {
            long end = THREADS.getCurrentThreadCpuTime() + (long) frame.left * nanos;
            while (THREADS.getCurrentThreadCpuTime() < end) {
                Thread.onSpinWait();
            }
            frame.left = 0;
            return JUMP;
        }
    }

    private final Busy code = new Busy();
    private final Rehearsal rehearsal = new Rehearsal(code, 10, Frame.of(new Hart(0), 0));

    private boolean isReadyWithin(long seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            if (rehearsal.advance()) {
                return true;
            }
        }
        return false;
    }

    /** HotSpot may be busy for seconds; code that was let go meanwhile ran several times slower than ours, just where the guest was busiest. */
    @Test
    void codeIsNotReadyBeforeItIsCompiledHoweverLongThatTakes() {
        assertFalse(isReadyWithin(3));
        assertFalse(rehearsal.isHopeless(), "it may still be");
        code.nanos = 10;
        assertTrue(isReadyWithin(5));
    }
}
