package tidemark.cpu.translator;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.memory.PhysicalMemory;

/** Makes regions out of orders, on a thread of its own: translates, and rehearses several at a time while HotSpot compiles. */
final class Workshop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final int MAX_ORDERS = 256;
    private static final int MAX_REHEARSALS = 8;
    private static final int HOTSPOT_LIMIT = 8000;

    private record Work(Order order, Rehearsal rehearsal, Region region) {}

    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>(MAX_ORDERS);
    private final List<Work> rehearsals = new ArrayList<>();
    private final MemorySegment scratch = Arena.ofAuto().allocate(2 * PhysicalMemory.PAGE_SIZE, PhysicalMemory.PAGE_SIZE);
    private static final long ENDS_WITHIN_MS = 5_000;
    private Thread thread;
    private boolean closed;

    /** Takes an order. @return whether it will be done; not if there is too much to do */
    boolean order(Order order) {
        start();
        return orders.offer(order);
    }

    /** How many orders have not been begun. */
    int waiting() {
        return orders.size();
    }

    /** Host address of two pages that rehearsals write to. */
    long scratch() {
        return scratch.address();
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            thread = new Thread(this::work, "tidemark-translator");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void work() {
        try {
            while (true) {
                Order order = rehearsals.isEmpty() ? orders.take()
                        : rehearsals.size() < MAX_REHEARSALS ? orders.poll(2, TimeUnit.MILLISECONDS) : null;
                if (order != null) {
                    begin(order);
                }
                rehearsals.removeIf(this::advance);
                if (rehearsals.size() == MAX_REHEARSALS) {
                    Thread.sleep(2);
                }
            }
        } catch (InterruptedException e) {
            rehearsals.clear();
        }
    }

    /** An order that cannot be made is given up: its code stays with the interpreter, and the other orders are none the worse. */
    private void begin(Order order) {
        try {
            Region region = make(order);
            rehearsals.add(new Work(order, new Rehearsal(region.code, region.longest, order.state()), region));
        } catch (RuntimeException | Error e) {
            LOG.error("Code at 0x{} is not translated", Long.toHexString(order.outline().pc()), e);
            order.customer().deliver(order, null);
        }
    }

    private boolean advance(Work work) {
        try {
            return done(work);
        } catch (RuntimeException | Error e) {
            LOG.error("Code at 0x{} was translated, but does not run", Long.toHexString(work.region.pc), e);
            work.order.customer().deliver(work.order, null);
            return true;
        }
    }

    private boolean done(Work work) {
        boolean[] ready = new boolean[1];
        Customer customer = work.order.customer();
        if (!customer.whileThere(() -> ready[0] = work.rehearsal.advance())) {
            return true;
        }
        if (ready[0] || work.rehearsal.isHopeless()) {
            customer.deliver(work.order, ready[0] ? work.region : null);
            return true;
        }
        return false;
    }

    /** Makes what was ordered, or so much of it as HotSpot compiles in one method. */
    static Region make(Order order) {
        Flow flow = order.outline().flow();
        while (true) {
            byte[] file = Translation.of(flow, !order.plain(), order.cardShift());
            int bytes = codeLength(file);
            if (bytes < HOTSPOT_LIMIT) {
                return new Region(order, flow, define(file), bytes);
            }
            flow = flow.half();
        }
    }

    private static int codeLength(byte[] file) {
        return ClassFile.of().parse(file).methods().stream()
                .mapToInt(method -> method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0)).max().orElseThrow();
    }

    private static Code define(byte[] file) {
        try {
            MethodHandles.Lookup hidden = LOOKUP.defineHiddenClass(file, true);
            return (Code) hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke();
        } catch (Throwable e) {
            throw new AssertionError("A translation does not verify", e);
        }
    }

    @Override
    public void close() {
        Thread working = closing();
        try {
            if (working != null) {
                working.join(ENDS_WITHIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Thread closing() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        return thread;
    }
}
