package tidemark.differential;

import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.api.cpu.Exit;
import tidemark.api.cpu.Hart;
import tidemark.api.memory.Bus;
import tidemark.api.memory.BusFault;
import tidemark.testkit.TestEngineContext;

/** A CPU engine with nothing around it but RAM, msip, mtimecmp and the finisher. */
final class Engine implements Machine {
    private static final long SLICE = 1_000_000;
    /** Far more than any batch needs. */
    private static final long LIMIT = 400_000_000;

    private final CpuPart part;
    private final Draw disturbance;

    Engine(CpuPart part) {
        this(part, null);
    }

    private Engine(CpuPart part, Draw disturbance) {
        this.part = part;
        this.disturbance = disturbance;
    }

    /** The same, stopped every few instructions, when it must forget what it has cached or gives way to a new engine. */
    Engine disturbed(long seed) {
        return new Engine(part, new Draw(seed));
    }

    @Override
    public Result run(byte[] image) {
        Board board = new Board();
        try (TestEngineContext context = new TestEngineContext(Region.RAM_SIZE, board)) {
            board.context = context;
            context.load(image);
            run(context, board);
            byte[] ram = new byte[image.length];
            context.memory().read(Region.RAM, ram, 0, ram.length);
            return new Result(ram, context.hart().instret);
        } catch (BusFault e) {
            throw new AssertionError(e);
        }
    }

    private void run(TestEngineContext context, Board board) {
        ExecutionEngine engine = part.create(context);
        try {
            while (!board.finished && context.hart().instret < LIMIT && engine.run(slice()) != Exit.WAIT) {
                context.hart().clearAttention();
                engine = disturb(engine, context);
            }
        } finally {
            engine.close();
        }
    }

    private long slice() {
        return disturbance == null ? SLICE : disturbance.between(1, 20);
    }

    private ExecutionEngine disturb(ExecutionEngine engine, TestEngineContext context) {
        switch (disturbance == null ? 0 : disturbance.below(16)) {
            case 1, 2 -> engine.flushWrites();
            case 3, 4 -> engine.flushAll();
            case 5 -> {
                engine.close();
                return part.create(context);
            }
            default -> { }
        }
        return engine;
    }

    @Override
    public String toString() {
        return part.getClass().getName();
    }

    private static final class Board implements Bus {
        private EngineContext context;
        private boolean finished;

        @Override
        public long load(long physical, int size) throws BusFault {
            throw new BusFault(physical);
        }

        @Override
        public void store(long physical, int size, long value) throws BusFault {
            if (physical == Monitor.FINISHER) {
                finished = true;
                context.hart().requestAttention();
            } else if (physical == Monitor.CLINT_MSIP) {
                context.hart().setLine(Hart.MSIP, (value & 1) != 0);
            } else if (physical != Monitor.CLINT_MTIMECMP) {
                throw new BusFault(physical);
            }
        }
    }
}
