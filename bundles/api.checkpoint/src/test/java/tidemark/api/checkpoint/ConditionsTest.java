package tidemark.api.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static Conditions of(double before, double during, double after, double othersCpus) {
        return counted(before, during, after, 90, othersCpus);
    }

    private static Conditions counted(double before, double during, double after, double percent, double othersCpus) {
        return new Conditions(before, during, after, percent, 1, 1, othersCpus, 2);
    }

    @Test
    void figuresOfAQuietHostAndASteadyGuestAreNotDoubted() {
        assertEquals(List.of(), of(100, 60, 110, 0.2).doubts());
        assertEquals("-", of(100, 60, 110, 0.2).mark());
    }

    @Test
    void aHostThatOthersKeepBusyIsADoubt() {
        Conditions busy = of(100, 60, 110, 1.4);
        assertEquals("busy host", busy.mark());
        assertEquals(List.of("Other processes kept 1.4 of the host's 2 CPUs busy."), busy.doubts());
    }

    @Test
    void aGuestThatChangesItsPaceIsADoubt() {
        assertEquals("pace changed", of(50, 60, 110, 0).mark());
        assertEquals("pace changed", of(110, 60, 50, 0).mark());
        assertEquals("pace changed", of(100, 383, 100, 0).mark());
        assertTrue(of(50, 60, 110, 0).doubts().getFirst().contains("50 MIPS before, 60 MIPS during, 110 MIPS after"));
    }

    @Test
    void whatIsAboveAHundredPercentIsADoubtHoweverLittle() {
        Conditions above = counted(100, Double.NaN, 99, 100.4, 0);
        assertEquals("cut from 100.4 %", above.mark());
        assertTrue(above.doubts().getFirst().startsWith("The guest retired 100.4 % of what"), above.doubts().getFirst());
        assertEquals("-", counted(100, 99, 100, 100, 0).mark());
    }

    @Test
    void everyDoubtIsMarked() {
        Conditions all = counted(100, 383, 100, 383, 1.4);
        assertEquals("busy host, pace changed, cut from 383 %", all.mark());
        assertEquals(3, all.doubts().size());
    }

    @Test
    void whatIsNotKnownIsNoDoubt() {
        assertEquals(List.of(), Conditions.UNKNOWN.doubts());
        assertEquals("How busy others kept the host is not known.", Conditions.UNKNOWN.others());
    }
}
