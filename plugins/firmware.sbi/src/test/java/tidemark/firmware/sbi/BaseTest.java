package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaseTest extends SbiFixture {
    private static final long BASE = 0x10;
    private static final Map<String, Long> THERE = Map.of("TIME", 0x54494D45L, "sPI", 0x735049L, "RFNC", 0x52464E43L, "HSM", 0x48534DL, "SRST", 0x53525354L,
            "SUSP", 0x53555350L, "DBCN", 0x4442434EL, "Base", BASE);
    private static final List<Long> ABSENT = List.of(0x504D55L /* PMU */, 0x43505043L /* CPPC */, 0x4E41434CL /* NACL */, 0x535441L /* STA */, 9L, 0xFL, -1L,
            0x1_0000_0010L);

    @Test
    void versionIsTwoPointZero() {
        assertEquals(ok(0x0200_0000), call(0, BASE, 0));
    }

    @Test
    void implementationIsNoneOfThoseThatKernelsKnow() {
        assertTrue(call(0, BASE, 1).value() > 11);
        assertEquals(ok(1), call(0, BASE, 2));
    }

    @Test
    void machineIdsAreThoseOfTheCsrs() {
        for (int function = 4; function <= 6; function++) {
            assertEquals(ok(0), call(0, BASE, function));
        }
    }

    @Test
    void probeTellsWhatIsThere() {
        THERE.forEach((name, id) -> assertEquals(ok(1), call(0, BASE, 3, id), name));
        for (long legacy = 0; legacy <= 8; legacy++) {
            assertEquals(ok(1), call(0, BASE, 3, legacy));
        }
        ABSENT.forEach(id -> assertEquals(ok(0), call(0, BASE, 3, id), Long.toHexString(id)));
    }

    /** What is probed as absent must be so, and what is probed as there must have a first function. */
    @Test
    void unknownExtensionsAndFunctionsAreNotSupported() {
        ABSENT.forEach(id -> assertEquals(error(NOT_SUPPORTED), call(0, id, 0), Long.toHexString(id)));
        THERE.forEach((name, id) -> {
            for (long function : new long[] {7, 100, -1, 0x1_0000_0000L}) {
                assertEquals(error(NOT_SUPPORTED), call(0, id, function), name + " " + function);
            }
        });
    }
}
