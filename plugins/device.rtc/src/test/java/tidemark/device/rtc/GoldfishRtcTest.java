package tidemark.device.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.device.rtc.GoldfishRtc.*;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import tidemark.api.device.Device;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestDeviceContext;

class GoldfishRtcTest {
    private static final long START = Instant.parse("2026-11-24T15:00:00.000000500Z").getEpochSecond() * 1_000_000_000 + 500;
    private static final long SECOND = 1_000_000_000;
    private static final long TICKS = 10_000_000;

    private final HostClock host = new HostClock();
    private final TestDeviceContext machine = new TestDeviceContext("rtc0", 1);
    private Device rtc = new RtcPart(host).create(machine);

    private static final class HostClock extends Clock {
        private long nanos = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(0, nanos);
        }
    }

    private long read(int register) throws BusFault {
        return rtc.load(register, 4);
    }

    private void write(int register, long value) throws BusFault {
        rtc.store(register, 4, value);
    }

    private long time() throws BusFault {
        return read(TIME_LOW) | read(TIME_HIGH) << 32;
    }

    /** As Linux does it. */
    private void setAlarm(long nanos) throws BusFault {
        write(ALARM_HIGH, nanos >>> 32);
        write(ALARM_LOW, nanos);
        write(IRQ_ENABLED, 1);
    }

    /** Both clocks go on. */
    private void pass(long nanos) {
        host.nanos += nanos;
        machine.advance(nanos / WallTime.NANOS_PER_TICK);
    }

    private Device stopped(TestDeviceContext context) {
        return new RtcPart(host).create(context.option("time", "stopped"));
    }

    @Test
    void theTimeIsThatOfTheHost() throws Exception {
        assertEquals(START, time());
        host.nanos += Duration.ofDays(400).toNanos();
        assertEquals(START + Duration.ofDays(400).toNanos(), time());
    }

    @Test
    void theHighHalfIsThatOfTheTimeWhenTheLowHalfWasRead() throws Exception {
        host.nanos = 0x1234_FFFF_FFFFL;
        assertEquals(0xFFFF_FFFFL, read(TIME_LOW));
        host.nanos++;
        assertEquals(0x1234, read(TIME_HIGH));
        assertEquals(0, read(TIME_LOW));
        assertEquals(0x1235, read(TIME_HIGH));
    }

    @Test
    void theGuestSetsItsOwnTime() throws Exception {
        long wanted = Instant.parse("1999-12-31T23:59:59Z").getEpochSecond() * SECOND;
        write(TIME_HIGH, wanted >>> 32);
        write(TIME_LOW, wanted);
        assertEquals(wanted, time());
        pass(SECOND);
        assertEquals(wanted + SECOND, time());
    }

    @Test
    void theAlarmInterruptsOnceAtItsTime() throws Exception {
        setAlarm(START + 3 * SECOND);
        assertEquals(1, read(ALARM_STATUS));
        assertEquals(START + 3 * SECOND, read(ALARM_LOW) | read(ALARM_HIGH) << 32);
        pass(3 * SECOND - 100);
        assertFalse(machine.interruptLevel());
        pass(200);
        assertTrue(machine.interruptLevel());
        assertEquals(0, read(ALARM_STATUS));
        write(CLEAR_INTERRUPT, 1);
        assertFalse(machine.interruptLevel());
        pass(10 * SECOND);
        assertFalse(machine.interruptLevel());
    }

    @Test
    void anAlarmInThePastInterruptsAtOnce() throws Exception {
        setAlarm(START);
        assertTrue(machine.interruptLevel());
    }

    @Test
    void aClearedOrDisabledAlarmIsSilent() throws Exception {
        setAlarm(START + SECOND);
        write(CLEAR_ALARM, 1);
        assertEquals(0, read(ALARM_STATUS));
        pass(2 * SECOND);
        assertFalse(machine.interruptLevel());
        setAlarm(START + 3 * SECOND);
        write(IRQ_ENABLED, 0);
        pass(2 * SECOND);
        assertFalse(machine.interruptLevel());
        write(IRQ_ENABLED, 1);
        assertTrue(machine.interruptLevel(), "it is pending");
    }

    @Test
    void theAlarmGoesByTheClockNotByTheTimeThatPassedForTheMachine() throws Exception {
        setAlarm(START + 10 * SECOND);
        machine.advance(11 * TICKS);
        assertFalse(machine.interruptLevel(), "the host's clock was put back, or stood");
        pass(10 * SECOND);
        assertFalse(machine.interruptLevel());
        pass(100);
        assertTrue(machine.interruptLevel());
    }

    @Test
    void puttingTheClockForwardReachesTheAlarm() throws Exception {
        setAlarm(START + Duration.ofDays(1).toNanos());
        write(TIME_HIGH, (START >>> 32) + (Duration.ofDays(2).toNanos() >>> 32));
        assertTrue(machine.interruptLevel());
    }

    @Test
    void anAlarmThatNeverComesSetsNoTimerThatDoes() throws Exception {
        setAlarm(-1L);
        machine.mtime(-2L);
        write(IRQ_ENABLED, 1);
        machine.advance(1);
        assertFalse(machine.interruptLevel());
        assertEquals(1, read(ALARM_STATUS));
    }

    @Test
    void stoppedTimePassesWithTheMachineOnly() throws Exception {
        rtc = stopped(machine);
        assertEquals(START, time());
        host.nanos += Duration.ofDays(1).toNanos();
        assertEquals(START, time());
        machine.advance(TICKS);
        assertEquals(START + SECOND, time());
    }

    @Test
    void stoppedTimeGoesOnAfterARestoreHoweverLongThatWas() throws Exception {
        rtc = stopped(machine);
        pass(5 * SECOND);
        setAlarm(START + 7 * SECOND);
        State saved = rtc.save();
        TestDeviceContext later = new TestDeviceContext("rtc0", 1);
        later.mtime(machine.mtime());
        host.nanos += Duration.ofDays(30).toNanos();
        rtc = stopped(later);
        rtc.load(saved);
        assertEquals(saved, rtc.save());
        assertEquals(START + 5 * SECOND, time());
        later.advance(2 * TICKS + 1);
        assertTrue(later.interruptLevel());
    }

    @Test
    void hostTimeIsThatOfTheHostAfterARestoreAndAMissedAlarmInterrupts() throws Exception {
        setAlarm(START + SECOND);
        State saved = rtc.save();
        TestDeviceContext later = new TestDeviceContext("rtc0", 1);
        host.nanos += Duration.ofDays(30).toNanos();
        rtc = new RtcPart(host).create(later);
        rtc.load(saved);
        assertEquals(START + Duration.ofDays(30).toNanos(), time());
        assertTrue(later.interruptLevel());
    }

    @Test
    void whatTheGuestAddedToTheHostsTimeIsKept() throws Exception {
        write(TIME_HIGH, (START >>> 32) + 1);
        State saved = rtc.save();
        rtc = new RtcPart(host).create(new TestDeviceContext("rtc0", 1));
        rtc.load(saved);
        assertEquals(START + (1L << 32), time());
    }

    @Test
    void aStateOfTheOtherKindOfTimeBeginsWithTheHosts() throws Exception {
        pass(SECOND);
        State saved = stopped(machine).save();
        host.nanos += SECOND;
        rtc.load(saved);
        assertEquals(START + 2 * SECOND, time());
    }

    @Test
    void damagedStatesAreRefusedAndChangeNothing() throws Exception {
        setAlarm(START + SECOND);
        State before = rtc.save();
        assertThrows(StateException.class, () -> rtc.load(new State("rtc0", 1)));
        assertThrows(StateException.class, () -> rtc.load(new State("rtc0", 2)));
        assertEquals(before, rtc.save());
    }

    @Test
    void resetIsPowerOn() throws Exception {
        State fresh = rtc.save();
        setAlarm(START);
        time();
        write(TIME_LOW, 0);
        rtc.reset();
        assertFalse(machine.interruptLevel());
        assertEquals(fresh, rtc.save());
    }

    @Test
    void whatItDoesNotHaveFaults() {
        for (int size : new int[] {1, 2, 8}) {
            assertThrows(BusFault.class, () -> rtc.load(TIME_LOW, size));
            assertThrows(BusFault.class, () -> rtc.store(TIME_LOW, size, 0));
        }
        for (int writeOnly : new int[] {CLEAR_ALARM, CLEAR_INTERRUPT, 0x20, 0xFFC}) {
            assertThrows(BusFault.class, () -> rtc.load(writeOnly, 4));
        }
        assertThrows(BusFault.class, () -> rtc.store(ALARM_STATUS, 4, 0));
        assertThrows(BusFault.class, () -> rtc.store(0x20, 4, 0));
    }

    @Test
    void anotherKindOfTimeIsRefusedWithTheWayOut() {
        TestDeviceContext context = new TestDeviceContext("rtc0", 1).option("time", "guest");
        assertEquals("Device rtc0: time=guest is unknown; give time=host or time=stopped",
                assertThrows(IllegalArgumentException.class, () -> new RtcPart().create(context)).getMessage());
    }
}
