package tidemark.guest.kernels;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import tidemark.api.machine.GuestPart;
import tidemark.guest.Program;

/**
 * Ten computations, each repeated, that processors and their translators are compared with. Arguments: {@code repetitions=10 percent=100}. A line for
 * each repetition: number, checksum, ticks of 100 ns, retired instructions. Every hart of a machine computes, hart 0 prints.
 */
@Component(property = {
    GuestPart.NAME + "=kernel.core", GuestPart.NAME + "=kernel.sieve", GuestPart.NAME + "=kernel.crc32", GuestPart.NAME + "=kernel.memcpy",
    GuestPart.NAME + "=kernel.sort", GuestPart.NAME + "=kernel.interp", GuestPart.NAME + "=kernel.cg", GuestPart.NAME + "=kernel.ep",
    GuestPart.NAME + "=kernel.bt", GuestPart.NAME + "=kernel.store"})
public final class KernelGuests implements GuestPart {
    static final List<Program> PROGRAMS = List.of(
            kernel("core", "linked lists, small matrices, a state machine over text, CRC-16", 3),
            kernel("sieve", "sieve of Eratosthenes, 2 MB", 5),
            kernel("crc32", "CRC-32 by a table", 5),
            kernel("memcpy", "copies of a MiB by 64-bit words", 5),
            kernel("sort", "quicksort by a comparison function", 3),
            kernel("interp", "loop of a bytecode interpreter", 3),
            kernel("cg", "conjugate gradients on a sparse matrix of order 14000, 3 MB", 7),
            kernel("ep", "Gaussian deviates, in floating point only", 3),
            kernel("bt", "block tridiagonal systems of 5 x 5 blocks", 3),
            kernel("store", "stores through 8 MiB", 11));

    @Override
    public Optional<Guest> guest(String name) {
        return PROGRAMS.stream().filter(program -> program.name().equals(name)).map(Guest.class::cast).findFirst();
    }

    private static Program kernel(String name, String description, int minimumRamMiB) {
        return new Program(KernelGuests.class, "kernel." + name, "Kernel: " + description + " (repetitions=10 percent=100)", minimumRamMiB);
    }
}
