package tidemark.guest.npb;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import tidemark.api.machine.GuestPart;
import tidemark.guest.Program;

/** The NAS Parallel Benchmarks EP and CG in their classes S, W, A and B, and guests that checkpoints are tested with. Bare programs in M-mode. */
@Component(property = {
    GuestPart.NAME + "=ep.S", GuestPart.NAME + "=ep.W", GuestPart.NAME + "=ep.A", GuestPart.NAME + "=ep.B",
    GuestPart.NAME + "=cg.S", GuestPart.NAME + "=cg.W", GuestPart.NAME + "=cg.A", GuestPart.NAME + "=cg.B",
    GuestPart.NAME + "=storm", GuestPart.NAME + "=ab", GuestPart.NAME + "=hello", GuestPart.NAME + "=echo"})
public final class NpbGuests implements GuestPart {
    static final List<Program> PROGRAMS = List.of(
            new Program(NpbGuests.class, "ep.S", "NPB EP class S: 2^24 pairs of Gaussian deviates; hardly any memory", 3),
            new Program(NpbGuests.class, "ep.W", "NPB EP class W: 2^25 pairs", 3),
            new Program(NpbGuests.class, "ep.A", "NPB EP class A: 2^28 pairs", 3),
            new Program(NpbGuests.class, "ep.B", "NPB EP class B: 2^30 pairs", 3),
            new Program(NpbGuests.class, "cg.S", "NPB CG class S: conjugate gradients on a sparse matrix of order 1400", 3),
            new Program(NpbGuests.class, "cg.W", "NPB CG class W: order 7000, 8 MB", 9),
            new Program(NpbGuests.class, "cg.A", "NPB CG class A: order 14000, 26 MB", 27),
            new Program(NpbGuests.class, "cg.B", "NPB CG class B: order 75000, 190 MB", 187),
            new Program(NpbGuests.class, "storm", "Writes pages at a given rate, then checks each of them "
                    + "(workingSetMiB=16 rateMiBps=100 seconds=5 pattern=random|sequential bytesPerPage=8)", 17),
            new Program(NpbGuests.class, "ab", "Increments a byte of each page, round after round; shows torn snapshots (workingSetMiB=8 rounds=0: for ever)", 9),
            new Program(NpbGuests.class, "hello", "Prints its arguments and powers off", 3),
            new Program(NpbGuests.class, "echo", "Sends back what is typed until q", 3));

    @Override
    public Optional<Guest> guest(String name) {
        return PROGRAMS.stream().filter(program -> program.name().equals(name)).map(Guest.class::cast).findFirst();
    }
}
