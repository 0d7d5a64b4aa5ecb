package tidemark.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import tidemark.tracker.card.CardTracker;
import tidemark.tracker.log.LogTracker;
import tidemark.tracker.writefault.WriteFaultTracker;

/** Two devices mark neighbouring pages at the same time: both are dirty. */
public final class MarkAgainstMark {
    private MarkAgainstMark() {}

    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both")
    @State
    public static class WriteFault extends Race {
        public WriteFault() {
            super(new WriteFaultTracker());
        }

        @Actor
        public void device() {
            mark(0);
        }

        @Actor
        public void otherDevice() {
            mark(1);
        }

        @Arbiter
        public void flip(I_Result r) {
            count(r);
        }
    }

    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both")
    @State
    public static class Card extends Race {
        public Card() {
            super(new CardTracker());
        }

        @Actor
        public void device() {
            mark(0);
        }

        @Actor
        public void otherDevice() {
            mark(1);
        }

        @Arbiter
        public void flip(I_Result r) {
            count(r);
        }
    }

    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both")
    @State
    public static class Log extends Race {
        public Log() {
            super(new LogTracker(2));
        }

        @Actor
        public void device() {
            mark(0);
        }

        @Actor
        public void otherDevice() {
            mark(1);
        }

        @Arbiter
        public void flip(I_Result r) {
            count(r);
        }
    }
}
