package tidemark.itests;

import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tidemark.testkit.Assembler;
import tidemark.testkit.Elf;

/** A guest that writes numbered blocks of 4 KiB to its first two virtio disks for ever, and says {@code W} on its console when it begins. */
final class DiskWriter {
    private static final long START = 0x8000_0000L;
    private static final long QUEUES = START + 0x10000;
    private static final int EACH = 0x4000;
    private static final long UART = 0x1000_0000L;
    private static final long FIRST_SLOT = 0x1000_1000L;
    private static final int BLOCK_DEVICE = 2;
    private static final int SIZE = 8;
    // within the memory of one queue
    private static final int AVAIL = 0x100;
    private static final int USED = 0x200;
    private static final int HEADER = 0x300;
    private static final int STATUS = 0x310;
    private static final int DATA = 0x1000;

    private DiskWriter() {}

    /** @param sectors that are written, over and over; a multiple of 8 */
    static Path write(Path file, int sectors) throws IOException {
        return Files.write(file, Elf.executable(START, code(sectors)));
    }

    private static byte[] code(int sectors) {
        Assembler code = new Assembler(START).li(S0, FIRST_SLOT - 0x1000);
        next(code, S2, "first");
        setUp(code, QUEUES);
        next(code, S3, "second");
        setUp(code, QUEUES + EACH);
        code.li(S1, 0).li(S5, sectors).li(T0, UART).li(T1, 'W').op(SB, T1, 0, T0).li(T1, '\n').op(SB, T1, 0, T0).label("loop");
        write(code, S2, QUEUES, "a");
        write(code, S3, QUEUES + EACH, "b");
        return code.op(ADDI, S4, S4, 8).op(BLT, S4, S5, "loop").li(S4, 0).j("loop").bytes();
    }

    /** The next slot that has a disk, to S0 and {@code slot}. */
    private static void next(Assembler code, int slot, String label) {
        code.label(label).li(T0, 0x1000).op(ADD, S0, S0, T0).op(LW, T1, 8, S0).li(T2, BLOCK_DEVICE).op(BNE, T1, T2, label).mv(slot, S0);
    }

    private static void setUp(Assembler code, long queue) {
        store(code, 0x070, 0);
        store(code, 0x070, 1);
        store(code, 0x070, 3);
        store(code, 0x024, 1);
        store(code, 0x020, 1);
        store(code, 0x070, 11);
        store(code, 0x030, 0);
        store(code, 0x038, SIZE);
        store(code, 0x080, queue);
        store(code, 0x084, 0);
        store(code, 0x090, queue + AVAIL);
        store(code, 0x094, 0);
        store(code, 0x0a0, queue + USED);
        store(code, 0x0a4, 0);
        store(code, 0x044, 1);
        store(code, 0x070, 15);
        descriptor(code, queue, queue + HEADER, 16, 1, 1);
        descriptor(code, queue + 16, queue + DATA, 4096, 1, 2);
        descriptor(code, queue + 32, queue + STATUS, 1, 2, 0);
    }

    private static void store(Assembler code, int register, long value) {
        code.li(T0, value).op(SW, T0, register, S0);
    }

    private static void descriptor(Assembler code, long at, long address, int length, int flags, int next) {
        code.li(T1, at).li(T0, address).op(SD, T0, 0, T1).li(T0, length).op(SW, T0, 8, T1).li(T0, flags | next << 16).op(SW, T0, 12, T1);
    }

    /** Sector S4, and waits until it is written. S1 counts the requests. */
    private static void write(Assembler code, int slot, long queue, String label) {
        code.li(T1, queue + HEADER).li(T0, 1).op(SW, T0, 0, T1).op(SD, S4, 8, T1).li(T1, queue + DATA).op(SD, S1, 0, T1)
                .li(T1, queue + AVAIL).op(LHU, T2, 2, T1).op(ADDI, T2, T2, 1).op(FENCE, 0xff).op(SH, T2, 2, T1).op(FENCE, 0xff)
                .op(SW, ZERO, 0x50, slot).op(ADDI, S1, S1, 1).li(T1, queue + USED).label(label).op(LHU, T0, 2, T1).op(BNE, T0, T2, label);
    }
}
