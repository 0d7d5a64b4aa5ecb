package tidemark.machine;

import java.util.List;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.MachineSpec;
import tidemark.api.memory.PhysicalMemory;

/** A file without a header, for the begin of RAM, where it is entered: {@code fw_dynamic.bin} and {@code fw_jump.bin} of OpenSBI. */
record FlatBinary(String name, byte[] bytes) implements Executable {
    FlatBinary {
        if (bytes.length == 0) {
            throw new MachineException(name + " is empty; give an ELF file or a binary");
        }
    }

    @Override
    public long entry() {
        return MachineSpec.RAM_BASE;
    }

    @Override
    public List<Segment> segments(PhysicalMemory memory) {
        return List.of(new Segment(name, MachineSpec.RAM_BASE, bytes));
    }
}
