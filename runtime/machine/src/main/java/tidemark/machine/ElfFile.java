package tidemark.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PhysicalMemory;

/** A RISC-V ELF64 executable (System V ABI, chapters 4 and 5; RISC-V ELF psABI). No field is trusted. */
final class ElfFile implements Executable {
    private static final int MAGIC = 0x464C457F;
    private static final short GZIP_MAGIC = (short) 0x8B1F;
    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2LSB = 1;
    private static final int ET_EXEC = 2;
    private static final int EM_RISCV = 243;
    private static final int PT_LOAD = 1;
    private static final int HEADER_SIZE = 64;
    private static final int PROGRAM_HEADER_SIZE = 56;

    private final String name;
    private final byte[] bytes;
    private final ByteBuffer file;

    /** @param name for messages */
    ElfFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        require(recognizes(bytes), "is no ELF file and no Linux Image for RISC-V" + (isGzip() ? "; it is compressed, gunzip it" : ""));
        require(bytes.length >= HEADER_SIZE, "is cut off: its header needs " + HEADER_SIZE + " bytes, it has " + bytes.length);
        require(file.get(4) == ELFCLASS64, "is not a 64-bit ELF file; compile for riscv64");
        require(file.get(5) == ELFDATA2LSB, "is a big-endian ELF file; compile for little-endian riscv64");
        int isa = file.getShort(18) & 0xFFFF;
        require(isa == EM_RISCV, "is for ELF machine " + isa + ", not RISC-V (" + EM_RISCV + "); compile for riscv64");
        int type = file.getShort(16) & 0xFFFF;
        require(type == ET_EXEC, "has ELF type " + type + ", expected an executable (2) linked to fixed addresses; link with -static -no-pie");
    }

    static boolean recognizes(byte[] bytes) {
        return bytes.length >= 4 && ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    private boolean isGzip() {
        return bytes.length >= 2 && file.getShort(0) == GZIP_MAGIC;
    }

    @Override
    public long entry() {
        return file.getLong(24);
    }

    @Override
    public List<Segment> segments(PhysicalMemory memory) {
        long table = file.getLong(32);
        int entrySize = file.getShort(54) & 0xFFFF;
        int count = file.getShort(56) & 0xFFFF;
        require(entrySize == PROGRAM_HEADER_SIZE, "has program headers of " + entrySize + " bytes, expected " + PROGRAM_HEADER_SIZE);
        require(inFile(table, (long) count * entrySize), "is cut off: its " + count + " program headers at offset " + table + " are beyond its " + bytes.length + " bytes");
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = Math.toIntExact(table + (long) i * entrySize);
            if (file.getInt(at) == PT_LOAD && file.getLong(at + 40) != 0) {
                segments.add(segment(i, at, memory));
            }
        }
        require(!segments.isEmpty(), "has nothing to load");
        require(segments.stream().anyMatch(s -> Long.compareUnsigned(entry(), s.from()) >= 0 && Long.compareUnsigned(entry(), s.to()) < 0),
                "is entered at 0x%x, which is in none of its segments".formatted(entry()));
        return segments;
    }

    private Segment segment(int index, int at, PhysicalMemory memory) {
        long offset = file.getLong(at + 8);
        long address = file.getLong(at + 24);
        long fileSize = file.getLong(at + 32);
        long memorySize = file.getLong(at + 40);
        require(inFile(offset, fileSize), "is cut off: segment " + index + " has " + fileSize + " bytes at offset " + offset + " of " + bytes.length);
        require(fileSize <= memorySize && memorySize > 0, "has a segment " + index + " with " + fileSize + " bytes in the file, but " + memorySize + " in memory");
        String where = "segment %d at 0x%x of %d bytes".formatted(index, address, memorySize);
        require(Long.compareUnsigned(address, memory.base()) >= 0 && Long.compareUnsigned(address + memorySize, address) > 0,
                "has a %s, outside of RAM, which begins at 0x%x; link it there".formatted(where, memory.base()));
        require(memory.contains(address, memorySize), "has a " + where + ": it needs " + needed(address - memory.base() + memorySize, memory));
        return new Segment(name, address, address + memorySize, bytes, (int) offset, (int) fileSize);
    }

    private static String needed(long ramBytes, PhysicalMemory memory) {
        long needed = ramBytes + (1 << 20) - 1 >>> 20;
        return needed <= MachineSpec.MAX_RAM_MIB ? "at least " + needed + " MiB of RAM, the machine has " + (memory.size() >>> 20) + "; set ram=" + needed + " or more"
                : "more RAM than a machine can have (" + MachineSpec.MAX_RAM_MIB + " MiB)";
    }

    private boolean inFile(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= bytes.length - length;
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            throw new MachineException(name + " " + problem);
        }
    }
}
