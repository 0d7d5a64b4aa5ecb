package tidemark.guest.npb;

import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import tidemark.api.machine.GuestPart;
import tidemark.guest.Program;

/** The NAS Parallel Benchmarks BT, CG, EP, FT, IS, LU, MG and SP in their classes S, W, A and B, IS in C, too, DC in S, W and A, and guests that checkpoints are tested with. Bare programs in M-mode. */
@Component(property = {
    GuestPart.NAME + "=ep.S", GuestPart.NAME + "=ep.W", GuestPart.NAME + "=ep.A", GuestPart.NAME + "=ep.B",
    GuestPart.NAME + "=cg.S", GuestPart.NAME + "=cg.W", GuestPart.NAME + "=cg.A", GuestPart.NAME + "=cg.B",
    GuestPart.NAME + "=bt.S", GuestPart.NAME + "=bt.W", GuestPart.NAME + "=bt.A", GuestPart.NAME + "=bt.B",
    GuestPart.NAME + "=dc.S", GuestPart.NAME + "=dc.W", GuestPart.NAME + "=dc.A",
    GuestPart.NAME + "=ft.S", GuestPart.NAME + "=ft.W", GuestPart.NAME + "=ft.A", GuestPart.NAME + "=ft.B",
    GuestPart.NAME + "=is.S", GuestPart.NAME + "=is.W", GuestPart.NAME + "=is.A", GuestPart.NAME + "=is.B", GuestPart.NAME + "=is.C",
    GuestPart.NAME + "=lu.S", GuestPart.NAME + "=lu.W", GuestPart.NAME + "=lu.A", GuestPart.NAME + "=lu.B",
    GuestPart.NAME + "=mg.S", GuestPart.NAME + "=mg.W", GuestPart.NAME + "=mg.A", GuestPart.NAME + "=mg.B",
    GuestPart.NAME + "=sp.S", GuestPart.NAME + "=sp.W", GuestPart.NAME + "=sp.A", GuestPart.NAME + "=sp.B",
    GuestPart.NAME + "=storm", GuestPart.NAME + "=ab", GuestPart.NAME + "=hello", GuestPart.NAME + "=echo"})
public final class NpbGuests implements GuestPart {
    /** Twice what the largest class writes; what is not written takes no room. */
    private static final int DISK_GIB = 36;

    static final List<Program> PROGRAMS = List.of(
            new Program(NpbGuests.class, "ep.S", "NPB EP class S: 2^24 pairs of Gaussian deviates; hardly any memory", 3),
            new Program(NpbGuests.class, "ep.W", "NPB EP class W: 2^25 pairs", 3),
            new Program(NpbGuests.class, "ep.A", "NPB EP class A: 2^28 pairs", 3),
            new Program(NpbGuests.class, "ep.B", "NPB EP class B: 2^30 pairs", 3),
            new Program(NpbGuests.class, "cg.S", "NPB CG class S: conjugate gradients on a sparse matrix of order 1400", 3),
            new Program(NpbGuests.class, "cg.W", "NPB CG class W: order 7000, 8 MB", 9),
            new Program(NpbGuests.class, "cg.A", "NPB CG class A: order 14000, 26 MB", 27),
            new Program(NpbGuests.class, "cg.B", "NPB CG class B: order 75000, 190 MB", 187),
            new Program(NpbGuests.class, "bt.S", "NPB BT class S: block-tridiagonal solver on a 12^3 grid", 3),
            new Program(NpbGuests.class, "bt.W", "NPB BT class W: block-tridiagonal solver on a 24^3 grid", 5),
            new Program(NpbGuests.class, "bt.A", "NPB BT class A: block-tridiagonal solver on a 64^3 grid", 45),
            new Program(NpbGuests.class, "bt.B", "NPB BT class B: block-tridiagonal solver on a 102^3 grid", 173),
            new Program(NpbGuests.class, "dc.S", "NPB DC class S: 31 views of 1000 tuples with 5 attributes, on a disk; 1 MB is written", 3, DISK_GIB),
            new Program(NpbGuests.class, "dc.W", "NPB DC class W: 1023 views of 10^5 tuples with 10 attributes; 2.6 GB", 9, DISK_GIB),
            new Program(NpbGuests.class, "dc.A", "NPB DC class A: 512 views of 10^6 tuples with 15 attributes; 18 GB", 79, DISK_GIB),
            new Program(NpbGuests.class, "ft.S", "NPB FT class S: Fourier transforms of a 64x64x64 grid", 13),
            new Program(NpbGuests.class, "ft.W", "NPB FT class W: Fourier transforms of a 128x128x32 grid", 23),
            new Program(NpbGuests.class, "ft.A", "NPB FT class A: Fourier transforms of a 256x256x128 grid", 323),
            new Program(NpbGuests.class, "ft.B", "NPB FT class B: Fourier transforms of a 512x256x256 grid", 1283),
            new Program(NpbGuests.class, "is.S", "NPB IS class S: ranks of 2^16 integers", 3),
            new Program(NpbGuests.class, "is.W", "NPB IS class W: ranks of 2^20 integers", 15),
            new Program(NpbGuests.class, "is.A", "NPB IS class A: ranks of 2^23 integers", 101),
            new Program(NpbGuests.class, "is.B", "NPB IS class B: ranks of 2^25 integers", 395),
            new Program(NpbGuests.class, "is.C", "NPB IS class C: ranks of 2^27 integers", 1571),
            new Program(NpbGuests.class, "lu.S", "NPB LU class S: symmetric successive over-relaxation on a 12^3 grid", 3),
            new Program(NpbGuests.class, "lu.W", "NPB LU class W: symmetric successive over-relaxation on a 33^3 grid", 9),
            new Program(NpbGuests.class, "lu.A", "NPB LU class A: symmetric successive over-relaxation on a 64^3 grid", 47),
            new Program(NpbGuests.class, "lu.B", "NPB LU class B: symmetric successive over-relaxation on a 102^3 grid", 181),
            new Program(NpbGuests.class, "mg.S", "NPB MG class S: multigrid on a 32^3 grid", 3),
            new Program(NpbGuests.class, "mg.W", "NPB MG class W: multigrid on a 128^3 grid", 61),
            new Program(NpbGuests.class, "mg.A", "NPB MG class A: multigrid on a 256^3 grid", 461),
            new Program(NpbGuests.class, "mg.B", "NPB MG class B: multigrid on a 256^3 grid (20 iterations instead of 4)", 461),
            new Program(NpbGuests.class, "sp.S", "NPB SP class S: scalar pentadiagonal solver on a 12^3 grid", 3),
            new Program(NpbGuests.class, "sp.W", "NPB SP class W: scalar pentadiagonal solver on a 36^3 grid", 11),
            new Program(NpbGuests.class, "sp.A", "NPB SP class A: scalar pentadiagonal solver on a 64^3 grid", 47),
            new Program(NpbGuests.class, "sp.B", "NPB SP class B: scalar pentadiagonal solver on a 102^3 grid", 181),
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
