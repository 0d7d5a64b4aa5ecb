package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tidemark.testkit.Reg.A1;

import java.util.List;
import org.junit.jupiter.api.Test;
import tidemark.api.cpu.Hart;

class LegacyTest extends SbiFixture {
    private static final long MASK = TestMachine.RAM + 0x200;
    private static final long TABLE = TestMachine.RAM + 0x1000;
    private static final long STVEC = 0xFFFF_FFFF_8000_0000L;
    private static final int LOAD_ACCESS = 5;
    private static final int LOAD_PAGE = 13;

    /** Only a0 is the result: a1 keeps its value. */
    private long legacy(long extension, long... parameters) {
        long a1 = parameters.length > 1 ? parameters[1] : 0x1000 + A1;
        SbiRet result = call(0, extension, 0xDEAD_BEEF_0000L, parameters);
        assertEquals(a1, result.value());
        return result.error();
    }

    @Test
    void timerIsTheHartsOwn() {
        assertEquals(0, legacy(0, 1234));
        assertEquals(1234, hart(0).stimecmp);
        assertEquals(List.of(0), machine.timerChanges);
    }

    @Test
    void consoleTakesAndGivesCharacters() {
        machine.type("\u00FF");
        assertEquals(0, legacy(1, 'k'));
        assertEquals("k", machine.transmitted());
        assertEquals(0xFF, legacy(2));
        assertEquals(-1, legacy(2));
    }

    @Test
    void clearTellsWhetherAnInterruptWasPending() {
        assertEquals(0, legacy(3));
        hart(0).mipSoftware = Hart.SSIP;
        assertEquals(1, legacy(3));
        assertEquals(0, hart(0).mip());
    }

    @Test
    void masksAreInMemory() {
        machine.ram().putLong(MASK, 0xFFFF_FFFF_FFFF_FF06L);
        assertEquals(0, legacy(4, MASK));
        machine.boundaries();
        assertEquals(List.of(0L, Hart.SSIP, Hart.SSIP), machine.harts().stream().map(Hart::mip).toList());
        assertEquals(0, legacy(5, MASK));
        assertEquals(0, legacy(6, MASK, 0, -1));
        assertEquals(0, legacy(7, MASK, 0, -1, 1));
        assertEquals(List.of("0 > 1", "0 > 2", "0 > 1", "0 > 2", "0 > 1", "0 > 2"), machine.fences);
    }

    @Test
    void noMaskMeansAllHarts() {
        assertEquals(0, legacy(5, 0));
        assertEquals(List.of("0 > 0", "0 > 1", "0 > 2"), machine.fences);
    }

    /** A page of virtual 0x40000000 that is RAM's first, and another behind it that is not there. */
    @Test
    void masksAreReadThroughTheSupervisorsTranslation() {
        long gigapage = (TestMachine.RAM >>> 12) << 10 | 0b1100_0111; // V R W A D
        machine.ram().putLong(TABLE + 8, gigapage).putLong(MASK, 0b100);
        hart(0).satp = 8L << 60 | TABLE >>> 12;
        assertEquals(0, legacy(5, 0x4000_0200L));
        assertEquals(List.of("0 > 2"), machine.fences);
    }

    @Test
    void faultOfAMaskIsTheSupervisorsAtTheEcall() {
        hart(0).stvec = STVEC;
        long ecall = hart(0).pc;
        hart(0).satp = 8L << 60 | TABLE >>> 12;
        callWithoutReturn(0, 4, 0, 0x4000_0200L);
        assertEquals(List.of(STVEC, ecall, (long) LOAD_PAGE, 0x4000_0200L), List.of(hart(0).pc, hart(0).sepc, hart(0).scause, hart(0).stval));
        assertEquals(Hart.SUPERVISOR, hart(0).privilege);
    }

    @Test
    void maskOutsideOfRamIsAnAccessFault() {
        callWithoutReturn(0, 4, 0, 0x0200_0000L);
        assertEquals(List.of((long) LOAD_ACCESS, 0x0200_0000L), List.of(hart(0).scause, hart(0).stval));
    }

    @Test
    void shutdownPowersOff() {
        callWithoutReturn(0, 8, 0);
        assertEquals(List.of("off 0"), machine.powerRequests);
    }
}
