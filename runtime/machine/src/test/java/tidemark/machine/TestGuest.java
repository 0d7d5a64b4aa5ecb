package tidemark.machine;

import java.util.Map;
import java.util.Optional;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.MachineSpec;
import tidemark.testkit.Elf;

/** Guests {@code nop}, some bytes to load, and {@code big}, which needs 64 MiB. */
final class TestGuest implements GuestPart {
    static final byte[] CODE = {0x13, 0, 0, 0, 0x6F, 0, 0, 0};

    @Override
    public Optional<Guest> guest(String name) {
        return switch (name) {
            case "nop" -> Optional.of(new Program(name, 1));
            case "big" -> Optional.of(new Program(name, 64));
            default -> Optional.empty();
        };
    }

    private record Program(String name, int minimumRamMiB) implements Guest {
        @Override
        public String description() {
            return "for tests";
        }

        @Override
        public byte[] kernel() {
            return Elf.executable(MachineSpec.RAM_BASE, CODE);
        }

        @Override
        public byte[] initrd() {
            return new byte[0];
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public Optional<String> verification(String console) {
            return Optional.empty();
        }
    }
}
