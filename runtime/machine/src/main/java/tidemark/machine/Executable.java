package tidemark.machine;

import java.util.List;
import tidemark.api.machine.MachineException;
import tidemark.api.memory.BusFault;
import tidemark.api.memory.PhysicalMemory;

/** A program for a machine, in a file of some format. */
interface Executable {
    /** Physical address of its first instruction. */
    long entry();

    /** What it fills of RAM; checked against the file and against RAM. @throws MachineException with what is wrong and the way out */
    List<Segment> segments(PhysicalMemory memory);

    /**
     * A range of physical addresses that a file fills: with {@code length} of its bytes, then zeros.
     *
     * @param name for messages
     */
    record Segment(String name, long from, long to, byte[] bytes, int offset, int length) {
        /** All bytes of a file. */
        Segment(String name, long from, byte[] bytes) {
            this(name, from, from + bytes.length, bytes, 0, bytes.length);
        }

        void requireIn(PhysicalMemory memory) {
            if (!memory.contains(from, to - from)) {
                throw new MachineException("RAM of %d MiB has no room for %s of %d bytes; give the machine more RAM".formatted(memory.size() >>> 20, name, to - from));
            }
        }

        /** Into RAM that is all zero. */
        void load(PhysicalMemory memory) {
            try {
                memory.write(from, bytes, offset, length);
            } catch (BusFault e) {
                throw new IllegalStateException(name + " was checked against RAM", e);
            }
        }

        void refuseOverlap(Segment other) {
            if (from < other.to && other.from < to) {
                throw new MachineException("%s at 0x%x to 0x%x and %s at 0x%x to 0x%x overlap; link one elsewhere, or give the machine more RAM"
                        .formatted(name, from, to - 1, other.name, other.from, other.to - 1));
            }
        }
    }

    /** A kernel: an ELF file or a Linux {@code Image}. */
    static Executable kernel(String name, byte[] bytes) {
        return LinuxImage.recognizes(bytes) ? new LinuxImage(name, bytes) : new ElfFile(name, bytes);
    }

    /** M-mode firmware: an ELF file, or bytes for the begin of RAM. */
    static Executable firmware(String name, byte[] bytes) {
        return ElfFile.recognizes(bytes) ? new ElfFile(name, bytes) : new FlatBinary(name, bytes);
    }
}
