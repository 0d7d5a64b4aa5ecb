package tidemark.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import tidemark.tracker.card.CardTracker;
import tidemark.tracker.log.LogTracker;
import tidemark.tracker.writefault.WriteFaultTracker;

/**
 * A device stores, then marks, while an epoch ends and the page is copied: the copy holds the store, or the page is dirty in the next
 * epoch. Never neither.
 */
public final class StoreMarkAgainstFlipCopy {
    private StoreMarkAgainstFlipCopy() {}

    @JCStressTest
    @Outcome(id = {"1, 1, 0", "1, 1, 1"}, expect = ACCEPTABLE, desc = "in the epoch that ended; the copy is whole")
    @Outcome(id = {"0, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "in the next")
    @State
    public static class WriteFault extends Race {
        public WriteFault() {
            super(new WriteFaultTracker());
        }

        @Actor
        public void device() {
            store();
            mark(0);
        }

        @Actor
        public void checkpoint(III_Result r) {
            flipAndCopy(r);
        }

        @Arbiter
        public void next(III_Result r) {
            flipAgain(r);
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 1, 0", "1, 1, 1"}, expect = ACCEPTABLE, desc = "in the epoch that ended; the copy is whole")
    @Outcome(id = {"0, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "in the next")
    @State
    public static class Card extends Race {
        public Card() {
            super(new CardTracker());
        }

        @Actor
        public void device() {
            store();
            mark(0);
        }

        @Actor
        public void checkpoint(III_Result r) {
            flipAndCopy(r);
        }

        @Arbiter
        public void next(III_Result r) {
            flipAgain(r);
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 1, 0", "1, 1, 1"}, expect = ACCEPTABLE, desc = "in the epoch that ended; the copy is whole")
    @Outcome(id = {"0, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "in the next")
    @State
    public static class Log extends Race {
        public Log() {
            super(new LogTracker(2));
        }

        @Actor
        public void device() {
            store();
            mark(0);
        }

        @Actor
        public void checkpoint(III_Result r) {
            flipAndCopy(r);
        }

        @Arbiter
        public void next(III_Result r) {
            flipAgain(r);
        }
    }
}
