package tidemark.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PhysicalMemory;

/** A Linux kernel {@code Image} for RISC-V (Linux, Documentation/arch/riscv/boot-image-header.rst). No field is trusted. */
final class LinuxImage implements Executable {
    private static final int HEADER_SIZE = 64;
    private static final long MAGIC = 0x5643534952L; // "RISCV"
    private static final int MAGIC2 = 0x05435352; // "RSC\5"
    private static final int TEXT_OFFSET = 8;
    private static final int IMAGE_SIZE = 16;
    private static final int FLAGS = 24;
    private static final int BIG_ENDIAN_FLAG = 1;
    private static final int ALIGNMENT = 2 << 20;

    private final String name;
    private final byte[] bytes;
    private final long textOffset;
    private final long imageSize;

    /** @param name for messages */
    LinuxImage(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        ByteBuffer header = header(bytes);
        textOffset = header.getLong(TEXT_OFFSET);
        imageSize = header.getLong(IMAGE_SIZE);
        require((header.getLong(FLAGS) & BIG_ENDIAN_FLAG) == 0, "is a big-endian kernel; compile for little-endian riscv64");
        require(imageSize >= bytes.length, "has " + bytes.length + " bytes, but its header says " + imageSize);
        require(textOffset >= 0 && textOffset % ALIGNMENT == 0, "wants to be 0x%x behind a 2 MiB boundary, which the boot protocol does not have".formatted(textOffset));
    }

    static boolean recognizes(byte[] bytes) {
        return bytes.length >= HEADER_SIZE && header(bytes).getLong(48) == MAGIC && header(bytes).getInt(56) == MAGIC2;
    }

    private static ByteBuffer header(byte[] bytes) {
        return ByteBuffer.wrap(bytes, 0, HEADER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long entry() {
        return MachineSpec.RAM_BASE + textOffset;
    }

    @Override
    public List<Segment> segments(PhysicalMemory memory) {
        require(textOffset <= memory.size() && imageSize <= memory.size() - textOffset, "needs %d MiB of RAM at 0x%x, the machine has %d MiB; set ram=%d or more"
                .formatted(imageSize >>> 20, entry(), memory.size() >>> 20, Math.ceilDiv(textOffset + imageSize, 1 << 20)));
        return List.of(new Segment(name, entry(), entry() + imageSize, bytes, 0, bytes.length));
    }

    private void require(boolean holds, String problem) {
        if (!holds) {
            throw new MachineException(name + " " + problem);
        }
    }
}
