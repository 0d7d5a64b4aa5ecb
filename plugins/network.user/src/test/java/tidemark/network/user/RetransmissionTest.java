package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The arithmetic of RFC 6298, 5681 and 6582. */
class RetransmissionTest {
    private static final int SEGMENT = 1460;

    private static long millis(RetransmissionTimeout timeout) {
        return TimeUnit.NANOSECONDS.toMillis(timeout.nanos());
    }

    @Test
    void theTimeoutIsASecondAtFirstAndThenTheRoundTripWithFourVariations() {
        RetransmissionTimeout timeout = new RetransmissionTimeout();
        assertEquals(1000, millis(timeout));
        timeout.sample(TimeUnit.MILLISECONDS.toNanos(500));
        assertEquals(1500, millis(timeout));
        timeout.sample(TimeUnit.MILLISECONDS.toNanos(500));
        assertEquals(500 + 4 * 187, millis(timeout), 3);
    }

    @Test
    void theTimeoutDoublesUntilProgressAndStaysWithinItsBounds() {
        RetransmissionTimeout timeout = new RetransmissionTimeout();
        for (int i = 0; i < 20; i++) {
            timeout.sample(1000);
        }
        assertEquals(200, millis(timeout));
        for (long expected : new long[] {400, 800, 1600, 3200, 4000, 4000, 4000, 4000}) {
            timeout.backOff();
            assertEquals(expected, millis(timeout));
        }
        timeout.progress();
        assertEquals(200, millis(timeout));
        timeout.sample(TimeUnit.HOURS.toNanos(1));
        assertEquals(4000, millis(timeout));
    }

    @Test
    void theWindowDoublesEachRoundInSlowStartAndGrowsByASegmentAfterALoss() {
        CongestionControl congestion = new CongestionControl(SEGMENT, 0);
        assertEquals(10 * SEGMENT, congestion.window());
        for (int i = 0; i < 10; i++) {
            congestion.acknowledged(1 + (i + 1) * SEGMENT, SEGMENT, 0);
        }
        assertEquals(20 * SEGMENT, congestion.window());
        congestion.timedOut(20 * SEGMENT, 100 * SEGMENT);
        assertEquals(SEGMENT, congestion.window());
        int sent = 100 * SEGMENT;
        for (int i = 0; i < 9; i++) {
            congestion.acknowledged(sent += SEGMENT, SEGMENT, 0);
        }
        assertEquals(10 * SEGMENT, congestion.window());
        for (int i = 0; i < 10; i++) {
            congestion.acknowledged(sent += SEGMENT, SEGMENT, 0);
        }
        assertEquals(11 * SEGMENT, congestion.window());
    }

    @Test
    void threeDuplicatesStartARecoveryThatEndsWhenAllThatWasSentHasArrived() {
        CongestionControl congestion = new CongestionControl(SEGMENT, 0);
        int una = 1;
        int sent = 1 + 10 * SEGMENT;
        assertFalse(congestion.duplicate(una, 10 * SEGMENT, sent));
        assertFalse(congestion.duplicate(una, 10 * SEGMENT, sent));
        assertTrue(congestion.duplicate(una, 10 * SEGMENT, sent));
        assertEquals(8 * SEGMENT, congestion.window());
        assertFalse(congestion.duplicate(una, 10 * SEGMENT, sent));
        assertEquals(9 * SEGMENT, congestion.window());
        assertTrue(congestion.acknowledged(una + 3 * SEGMENT, 3 * SEGMENT, 7 * SEGMENT), "the next one is lost too");
        assertFalse(congestion.acknowledged(sent, 7 * SEGMENT, 0));
        assertEquals(2 * SEGMENT, congestion.window());
        assertFalse(congestion.duplicate(sent, 0, sent));
    }

    @Test
    void duplicatesOfARepetitionAfterATimeoutAreNotTakenForANewLoss() {
        CongestionControl congestion = new CongestionControl(SEGMENT, 0);
        congestion.timedOut(10 * SEGMENT, 1 + 10 * SEGMENT);
        for (int i = 0; i < 5; i++) {
            assertFalse(congestion.duplicate(1 + SEGMENT, 9 * SEGMENT, 1 + 10 * SEGMENT));
        }
    }

    @Test
    void aLossIsFoundAlsoAfterGigabytesWithoutOne() {
        CongestionControl congestion = new CongestionControl(SEGMENT, 0);
        int una = 0;
        for (int i = 0; i < 3_000; i++) {
            una += 1 << 20;
            congestion.acknowledged(una, 1 << 20, 0);
        }
        congestion.duplicate(una, SEGMENT, una + SEGMENT);
        congestion.duplicate(una, SEGMENT, una + SEGMENT);
        assertTrue(congestion.duplicate(una, SEGMENT, una + SEGMENT));
    }
}
