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

    Engine(CpuPart part) {
        this.part = part;
    }

    @Override
    public Result run(byte[] image) {
        Board board = new Board();
        try (TestEngineContext context = new TestEngineContext(Region.RAM_SIZE, board)) {
            board.context = context;
            context.load(image);
            try (ExecutionEngine engine = part.create(context)) {
                while (!board.finished && context.hart().instret < LIMIT && engine.run(SLICE) != Exit.WAIT) {
                    context.hart().clearAttention();
                }
            }
            byte[] ram = new byte[image.length];
            context.memory().read(Region.RAM, ram, 0, ram.length);
            return new Result(ram, context.hart().instret);
        } catch (BusFault e) {
            throw new AssertionError(e);
        }
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
