package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tidemark.testkit.Reg.A0;
import static tidemark.testkit.Reg.A1;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;
import tidemark.api.machine.Firmware;
import tidemark.api.state.State;
import tidemark.api.state.StateException;

class HartStatesTest extends SbiFixture {
    private static final long HSM = 0x48534D;
    private static final long IPI = 0x735049;
    private static final int START = 0;
    private static final int STOP = 1;
    private static final int GET_STATUS = 2;
    private static final int SUSPEND = 3;
    private static final int STARTED = 0;
    private static final int STOPPED = 1;
    private static final int START_PENDING = 2;
    private static final int SUSPENDED = 4;
    private static final long NON_RETENTIVE = 0x8000_0000L;
    private static final long ENTRY = TestMachine.RAM + 0x2000;
    private static final long[] NO_ENTRIES = {0, TestMachine.RAM - 2, TestMachine.RAM + TestMachine.RAM_SIZE, TestMachine.RAM + TestMachine.RAM_SIZE - 1,
        ENTRY + 1, -2, 0x0200_0000};

    private long status(int id) {
        SbiRet result = call(0, HSM, GET_STATUS, id);
        assertEquals(SUCCESS, result.error());
        return result.value();
    }

    /** What a hart is like when it starts, and when it resumes from a suspension in which it lost its registers. */
    private static void assertEntered(Hart hart, long address, long opaque) {
        assertEquals(address, hart.pc);
        assertEquals(Hart.SUPERVISOR, hart.privilege);
        assertEquals(hart.id, hart.x[A0]);
        assertEquals(opaque, hart.x[A1]);
        assertEquals(0, hart.satp);
        assertEquals(0, hart.mstatus & 1 << 1, "sstatus.SIE");
    }

    @Test
    void startedHartExecutesAtItsAddressFromItsNextBoundaryOn() {
        Hart hart = hart(1);
        hart.satp = 8L << 60 | 5;
        hart.mstatus |= 1 << 1;
        hart.mie = Hart.STIP;
        hart.mipSoftware = Hart.SSIP;
        hart.stimecmp = 3;
        assertEquals(ok(0), call(0, HSM, START, 1, ENTRY, 0x5555_AAAA_1111L));
        assertEquals(START_PENDING, status(1));
        assertTrue(hart.stopped);
        machine.boundary(1);
        assertEquals(STARTED, status(1));
        assertFalse(hart.stopped);
        assertEntered(hart, ENTRY, 0x5555_AAAA_1111L);
        assertEquals(0, hart.mie | hart.mip());
        assertEquals(-1, hart.stimecmp);
        assertEquals(List.of("1 > 1"), machine.fences, "forgets what it had translated");
    }

    @Test
    void linesOfDevicesStayAsTheyAreWhenAHartStarts() {
        hart(1).setLine(Hart.SEIP, true);
        assertEquals(ok(0), call(0, HSM, START, 1, ENTRY, 0));
        machine.boundary(1);
        assertEquals(Hart.SEIP, hart(1).mip());
    }

    @Test
    void hartThatIsStartedOrAboutToBeIsNotStartedAgain() {
        assertEquals(error(ALREADY_AVAILABLE), call(0, HSM, START, 0, ENTRY, 0));
        assertEquals(ok(0), call(0, HSM, START, 1, ENTRY, 1));
        assertEquals(error(ALREADY_AVAILABLE), call(0, HSM, START, 1, ENTRY, 2));
        machine.boundary(1);
        assertEquals(error(ALREADY_AVAILABLE), call(0, HSM, START, 1, ENTRY, 3));
        assertEntered(hart(1), ENTRY, 1);
    }

    @Test
    void hartsThatDoNotExistAreRefused() {
        for (long id : new long[] {3, -1, 1L << 32, Long.MIN_VALUE}) {
            assertEquals(error(INVALID_PARAM), call(0, HSM, START, id, ENTRY, 0));
            assertEquals(error(INVALID_PARAM), call(0, HSM, GET_STATUS, id));
        }
    }

    @Test
    void addressesWhereNothingCanBeExecutedAreRefused() {
        for (long address : NO_ENTRIES) {
            assertEquals(error(INVALID_ADDRESS), call(0, HSM, START, 1, address, 0), Long.toHexString(address));
            assertEquals(error(INVALID_ADDRESS), call(0, HSM, SUSPEND, NON_RETENTIVE, address, 0), Long.toHexString(address));
        }
        machine.boundaries();
        assertEquals(STOPPED, status(1));
        assertFalse(hart(0).waiting);
    }

    @Test
    void stoppedHartLeavesItsEngineAndCanBeStartedAgain() {
        hart(0).clearAttention();
        callWithoutReturn(0, HSM, STOP);
        assertTrue(hart(0).stopped && hart(0).attention());
        assertEquals(ok(STOPPED), call(1, HSM, GET_STATUS, 0));
        assertEquals(ok(0), call(1, HSM, START, 0, ENTRY, 9));
        machine.boundary(0);
        assertEntered(hart(0), ENTRY, 9);
        assertEquals(STARTED, status(0));
    }

    @Test
    void interruptsSentBeforeAHartStartsDoNotReachItThoseSentAfterwardsDo() {
        call(0, IPI, 0, 0b10, 0);
        call(0, HSM, START, 1, ENTRY, 0);
        machine.boundary(1);
        assertEquals(0, hart(1).mip());
        callWithoutReturn(1, HSM, STOP);
        call(0, HSM, START, 1, ENTRY, 0);
        call(0, IPI, 0, 0b10, 0);
        machine.boundary(1);
        assertEquals(Hart.SSIP, hart(1).mip());
    }

    @Test
    void retentiveSuspensionWaitsAndReturns() {
        start(1);
        hart(1).satp = 8L << 60;
        assertEquals(ok(0), call(1, HSM, SUSPEND, 0, 0, 0));
        assertTrue(hart(1).waiting && hart(1).attention());
        assertEquals(8L << 60, hart(1).satp);
        hart(1).instret++; // the ECALL has retired
        assertEquals(SUSPENDED, status(1));
        hart(1).waiting = false;
        assertEquals(STARTED, status(1));
    }

    @Test
    void nonRetentiveSuspensionResumesAtItsAddress() {
        start(1);
        hart(1).satp = 8L << 60;
        hart(1).mstatus |= 1 << 1;
        hart(1).mie = Hart.SEIP;
        machine.fences.clear();
        callWithoutReturn(1, HSM, SUSPEND, NON_RETENTIVE, ENTRY + 8, 77);
        hart(1).instret++;
        assertTrue(hart(1).waiting && hart(1).attention());
        assertEquals(SUSPENDED, status(1));
        assertEntered(hart(1), ENTRY + 8, 77);
        assertEquals(Hart.SEIP, hart(1).mie, "what wakes it");
        assertEquals(List.of("1 > 1"), machine.fences);
    }

    /** As the calling convention has 32-bit numbers in 64-bit registers. */
    @Test
    void suspendTypesAre32BitNumbers() {
        callWithoutReturn(0, HSM, SUSPEND, 0xFFFF_FFFF_8000_0000L, ENTRY, 0);
        assertEntered(hart(0), ENTRY, 0);
    }

    @Test
    void otherSuspendTypesAreRefused() {
        for (long type : new long[] {1, 0x0FFF_FFFF, 0x1000_0000, 0x7FFF_FFFF, 0x8000_0001L, 0x9000_0000L, 0xFFFF_FFFFL}) {
            assertEquals(error(INVALID_PARAM), call(0, HSM, SUSPEND, type, ENTRY, 0));
        }
    }

    @Test
    void hartThatWaitsInWfiIsNotSuspended() {
        start(1);
        call(1, HSM, SUSPEND, 0, 0, 0);
        hart(1).instret += 5;
        hart(1).waiting = true;
        assertEquals(STARTED, status(1));
    }

    @Test
    void statesOfHartsAreTheSameAfterALoad() throws StateException {
        start(1);
        call(1, HSM, SUSPEND, 0, 0, 0);
        hart(1).instret++;
        State saved = sbi.save();
        call(0, HSM, START, 2, ENTRY, 0);
        Firmware other = new SbiPart().create(machine);
        other.load(saved);
        assertEquals(saved, other.save());
        sbi.load(saved);
        assertEquals(SUSPENDED, status(1));
        assertEquals(STOPPED, status(2));
    }

    private void start(int id) {
        assertEquals(ok(0), call(0, HSM, START, id, ENTRY, 0));
        machine.boundary(id);
    }
}
