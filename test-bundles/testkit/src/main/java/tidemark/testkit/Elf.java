package tidemark.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Minimal ELF64 executables for RISC-V: one loadable segment, entry at its start. */
public final class Elf {
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int OFFSET = 0x1000;
    private static final short ET_EXEC = 2;
    private static final short EM_RISCV = 243;
    private static final int PT_LOAD = 1;
    private static final int RVC_AND_DOUBLE_FLOAT_ABI = 5;
    private static final int RWX = 7;

    private Elf() {}

    /** @param address physical and virtual address of {@code code}, which is also its entry; a multiple of 4096 */
    public static byte[] executable(long address, byte[] code) {
        ByteBuffer elf = ByteBuffer.allocate(OFFSET + code.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort(ET_EXEC).putShort(EM_RISCV).putInt(1);
        elf.putLong(address).putLong(HEADER).putLong(0).putInt(RVC_AND_DOUBLE_FLOAT_ABI);
        elf.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1).putShort((short) 64).putInt(0);
        elf.putInt(PT_LOAD).putInt(RWX).putLong(OFFSET).putLong(address).putLong(address);
        elf.putLong(code.length).putLong(code.length).putLong(OFFSET);
        elf.put(OFFSET, code);
        return elf.array();
    }
}
