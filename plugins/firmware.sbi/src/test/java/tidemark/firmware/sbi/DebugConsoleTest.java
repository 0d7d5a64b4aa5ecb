package tidemark.firmware.sbi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tidemark.api.memory.BusFault;

class DebugConsoleTest extends SbiFixture {
    private static final long DBCN = 0x4442434E;
    private static final int WRITE = 0;
    private static final int READ = 1;
    private static final int WRITE_BYTE = 2;
    private static final long BUFFER = TestMachine.RAM + 0x100;
    private static final long END = TestMachine.RAM + TestMachine.RAM_SIZE;

    private byte[] ram(long address, int length) throws BusFault {
        byte[] bytes = new byte[length];
        machine.memory().read(address, bytes, 0, length);
        return bytes;
    }

    @Test
    void bytesOfMemoryAreWritten() {
        machine.ram().put(BUFFER, "Grüße\0!".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(ok(7), call(0, DBCN, WRITE, 7, BUFFER, 0));
        assertEquals("Grüße\0!", machine.transmitted());
    }

    @Test
    void longTextIsWrittenInPartAndTheCallerToldHowMuch() {
        machine.ram().put(BUFFER, "x".repeat(10_000).getBytes(StandardCharsets.ISO_8859_1));
        long written = call(0, DBCN, WRITE, 10_000, BUFFER, 0).value();
        assertEquals(written, machine.transmitted().length());
        assertEquals(ok(10_000 - 2 * written), call(0, DBCN, WRITE, 10_000 - 2 * written, BUFFER, 0));
    }

    @Test
    void singleBytesAreWritten() {
        assertEquals(ok(0), call(0, DBCN, WRITE_BYTE, 'A'));
        assertEquals(ok(0), call(0, DBCN, WRITE_BYTE, 0x1FF));
        assertEquals("A\u00FF", machine.transmitted());
    }

    @Test
    void inputIsReadAsFarAsThereIsSomeAndRoom() throws BusFault {
        machine.type("hello\u00E9");
        assertEquals(ok(4), call(0, DBCN, READ, 4, BUFFER, 0));
        assertEquals(ok(2), call(0, DBCN, READ, 4, BUFFER + 4, 0));
        assertArrayEquals("hello\u00E9\0".getBytes(StandardCharsets.ISO_8859_1), ram(BUFFER, 7));
        assertEquals(ok(0), call(0, DBCN, READ, 4, BUFFER, 0));
    }

    @Test
    void memoryThatIsNotRamIsRefusedAndNoInputIsLost() {
        machine.type("x");
        long[][] ranges = {{1, 0, 0}, {1, END, 0}, {2, END - 1, 0}, {1, TestMachine.RAM - 1, 0}, {-1, BUFFER, 0}, {Long.MAX_VALUE, BUFFER, 0},
            {TestMachine.RAM_SIZE + 1, TestMachine.RAM, 0}, {1, BUFFER, 1}, {1, BUFFER, -1}, {1, -1, 0}};
        for (long[] range : ranges) {
            assertEquals(error(INVALID_PARAM), call(0, DBCN, WRITE, range));
            assertEquals(error(INVALID_PARAM), call(0, DBCN, READ, range));
        }
        assertEquals("", machine.transmitted());
        assertEquals(ok(1), call(0, DBCN, READ, 1, END - 1, 0));
    }
}
