package tidemark.differential;

import static tidemark.differential.Item.Kind.*;
import static tidemark.testkit.Op.*;
import static tidemark.testkit.Reg.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import tidemark.testkit.Csr;

/** A random program: where it starts from and what it does, a function of its seed and of the items that are left of it. */
record Stream(long seed, List<Item> items) {
    private static final Item.Kind[] ANYWHERE = {
        INTEGER, INTEGER, INTEGER, FLOATING, FLOATING, FLOATING, FLOATING, ROUNDING, FLOATING_OFF, MEMORY, MEMORY, MEMORY, ATOMIC,
        SELF_MODIFYING, CONTROL, CONTROL, TRAP, RANDOM_WORDS, RANDOM_WORDS, CSR
    };
    private static final Item.Kind[] WITH_PAGING = {
        PAGED, PAGED, PAGED, PAGED, INTEGER, FLOATING, MEMORY, ATOMIC, CONTROL, TRAP, RANDOM_WORDS, CSR
    };
    private static final Item.Kind[] IN_MACHINE_MODE = {
        INTERRUPT, PAGE_TABLE, MODIFIED_PRIVILEGE, S_BARE, U_BARE, S_PAGED, S_PAGED, S_PAGED, U_PAGED, U_PAGED, U_PAGED
    };

    static Stream of(long seed) {
        Draw draw = new Draw(seed);
        List<Item> items = new ArrayList<>();
        for (int i = draw.between(24, 40); i > 0; i--) {
            Item.Kind kind = draw.oneIn(5) ? draw.of(IN_MACHINE_MODE) : draw.of(ANYWHERE);
            List<Item> children = new ArrayList<>();
            if (kind.hasChildren()) {
                for (int k = draw.between(2, 8); k > 0; k--) {
                    children.add(new Item(draw.of(kind.paged() ? WITH_PAGING : ANYWHERE), draw.bits(), List.of()));
                }
            }
            items.add(new Item(kind, draw.bits(), List.copyOf(children)));
        }
        return new Stream(seed, List.copyOf(items));
    }

    /** The stream's code with its text, to run in the region at {@code region}. */
    Listing code(long region, Monitor monitor) {
        Listing code = new Listing(region + Region.CODE);
        Draw draw = new Draw(~seed);
        code.near(TP, region);
        initialCsrs(draw, code, monitor);
        for (int i = 0; i < 32; i++) {
            code.op(FLD, i, Region.INITIAL_F + 8 * i, TP);
        }
        for (int i = 1; i < 32; i++) {
            if (i != TP) {
                code.op(LD, i, Region.INITIAL_X + 8 * i, TP);
            }
        }
        code.markBody();
        items.forEach(item -> item.emit(new Place(code, region, monitor)));
        code.comment("end").op(SD, T0, Region.M_T0, TP).op(LD, T0, Region.FINISH, TP).op(JALR, 0, 0, T0);
        return code;
    }

    private static void initialCsrs(Draw draw, Listing code, Monitor monitor) {
        csr(code, Csr.MSTATUS, Monitor.FS);
        csr(code, Csr.MTVEC, monitor.address(Monitor.M_HANDLER));
        csr(code, Csr.STVEC, monitor.address(Monitor.S_HANDLER));
        for (int csr : new int[] {Csr.SATP, Csr.MEDELEG, Csr.MIDELEG, Csr.MIE, Csr.MIP, Csr.MCOUNTINHIBIT, Csr.MCAUSE, Csr.SCAUSE}) {
            csr(code, csr, 0);
        }
        for (int csr : new int[] {Csr.MSCRATCH, Csr.SSCRATCH, Csr.MTVAL, Csr.STVAL}) {
            csr(code, csr, draw.integer());
        }
        csr(code, Csr.MEPC, draw.integer() & -2);
        csr(code, Csr.SEPC, draw.integer() & -2);
        csr(code, Csr.MCOUNTEREN, draw.below(8));
        csr(code, Csr.SCOUNTEREN, draw.below(8));
        csr(code, Csr.PMPADDR0 + 8, draw.bits() >>> 10);
        csr(code, Csr.PMPADDR0 + 9, draw.bits() >>> 10);
        csr(code, Csr.FCSR, draw.below(5) << 5);
        code.op(ADDI, T0, TP, Region.SC_DUMMY).op(SC_D, 0, 0, T0).op(SFENCE_VMA, 0, 0).op(FENCE_I);
    }

    private static void csr(Listing code, int csr, long value) {
        code.li(T0, value).csrw(csr, T0);
    }

    /** The bytes of the region before the stream runs. */
    byte[] image(long region, Monitor monitor, long next) {
        ByteBuffer image = ByteBuffer.allocate(Region.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        image.putLong(Region.LOG_NEXT, region + Region.LOG);
        image.putLong(Region.LOG_LIMIT, region + Region.LOG + Region.LOG_ENTRIES * Region.LOG_ENTRY);
        image.putLong(Region.FINISH, monitor.address(Monitor.FINISH));
        image.putLong(Region.NEXT_STREAM, next);
        Draw draw = new Draw(seed + 1);
        for (int i = 0; i < 32; i++) {
            image.putLong(Region.INITIAL_X + 8 * i, draw.integer());
            image.putLong(Region.INITIAL_F + 8 * i, draw.floating());
        }
        for (int at = Region.SCRATCH; at < Region.SCRATCH + Region.SCRATCH_SIZE; at += 8) {
            image.putLong(at, draw.oneIn(2) ? draw.floating() : draw.bits());
        }
        for (int at = Region.DATA_PAGES; at < Region.STUB_PAGE; at += 8) {
            image.putLong(at, draw.bits());
        }
        Paging.build(draw, region, image);
        image.put(Region.STUB_PAGE, Accessing.stubPage());
        byte[] code = code(region, monitor).assembler().bytes();
        if (code.length > Region.SIZE - Region.CODE) {
            throw new IllegalStateException("Stream 0x%x has %d bytes of code, more than its region holds".formatted(seed, code.length));
        }
        image.put(Region.CODE, code);
        return image.array();
    }
}
