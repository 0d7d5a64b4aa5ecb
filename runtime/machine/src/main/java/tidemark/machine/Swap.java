package tidemark.machine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.Use;
import tidemark.api.machine.Stop;
import tidemark.api.state.StateException;

/**
 * Exchanges the parts of one machine while it runs. Nothing else knows of parts that go and come back: while one is missing the machine is frozen. Slots are
 * changed under this object's lock, which hart threads never take, while the gate keeps the harts.
 */
final class Swap {
    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);

    private final VirtualMachine machine;
    private final Parts parts;
    private final Runnable changed;
    /** Those that have to do without their part now. */
    private final Set<Slot<?>> missing = new LinkedHashSet<>();
    private final CopyOnWriteArrayList<Slot<?>> slots = new CopyOnWriteArrayList<>();
    private AutoCloseable listening = () -> {};
    private boolean closed;

    /** @param changed called after a part was put in, while no hart runs */
    Swap(VirtualMachine machine, Parts parts, Runnable changed) {
        this.machine = machine;
        this.parts = parts;
        this.changed = changed;
    }

    /** Fills slots for the first time. */
    interface Filling {
        void run() throws StateException;
    }

    /**
     * Fills the slots of a new machine and from then on tries again whenever parts come. A part that goes meanwhile waits until its slot has it, and is
     * missed then.
     */
    synchronized void fillAll(Filling filling) throws StateException {
        filling.run();
        listening = parts.onChange(this::partsChanged);
    }

    /** Puts the part into a slot that belongs there, for the first time or again. Also by a part that is just entering its own slot. */
    <T> void fill(Slot<T> slot) throws StateException {
        Use<T> use = acquire(slot, slot.part());
        try {
            slot.putIn(use);
        } catch (StateException | RuntimeException | Error e) {
            use.close();
            throw e;
        }
        slots.addIfAbsent(slot);
    }

    /** The inverse of {@link #fill}: the slot goes, with its part. By a part that does not take over its own slot. */
    void empty(Slot<?> slot) {
        slots.remove(slot);
        Use<?> use = slot.takeOut();
        if (use != null) {
            use.close();
        }
    }

    synchronized List<UsedPart> describe(List<Slot<?>> all) {
        return all.stream().map(Slot::describe).toList();
    }

    private <T> Use<T> acquire(Slot<T> slot, String name) {
        AtomicReference<Use<T>> mine = new AtomicReference<>();
        AtomicBoolean goes = new AtomicBoolean();
        mine.set(parts.use(slot.type(), slot.kind(), name, () -> {
            goes.set(true);
            gone(slot, mine.get());
        }));
        if (goes.get()) {
            throw new MachineException("The " + slot.kind() + " part '" + name + "' is just going away; deploy it again");
        }
        return mine.get();
    }

    // Exchange

    /**
     * Replaces the part in a slot by another, at a handshake.
     *
     * @throws MachineException if there is none of that name, or it does not take over; the former part goes on then
     */
    synchronized <T> Stop exchange(Slot<T> slot, String name) {
        String former = slot.part();
        boolean running = machine.status().power() == Power.RUNNING;
        Use<T> next = acquire(slot, name);
        AtomicBoolean decided = new AtomicBoolean();
        try {
            machine.gate().refuseHeld("vm:use");
            slot.refuse();
            Stop stop = machine.gate().handshake(() -> {
                replaceWithDependents(slot, next, decided);
                return null;
            }).stop();
            present(slot);
            if (running) {
                slot.stood(stop.downtime());
            }
            LOG.info("Machine {}: {} is '{}' now, was '{}'; the guest stood {} us", machine.name(), slot.name(), name, former,
                    stop.downtime().toNanos() / 1000);
            return stop;
        } catch (Exception e) {
            if (decided.compareAndSet(false, true)) {
                next.close();
            }
            if (slot.missing() && !missing.contains(slot)) {
                gone(slot, former, () -> {});
            }
            String goesOn = slot.missing() ? "'" + former + "' is missing still" : "'" + former + "' goes on";
            throw new MachineException("Machine " + machine.name() + ": '" + name + "' does not take over as " + slot.name() + ": " + e.getMessage() + "; "
                    + goesOn + wayOut(e), e);
        }
    }

    /** After power-off there is no state that a part could refuse. */
    private String wayOut(Exception e) {
        return e instanceof StateException ? "; vm:stop " + machine.name() + " drops that state, then vm:use and vm:start" : "";
    }

    /** While no hart runs. */
    private <T> void replaceWithDependents(Slot<T> slot, Use<T> next, AtomicBoolean decided) throws StateException, InterruptedException {
        machine.gate().refuseHeld("vm:use");
        slot.refuse();
        if (!machine.deviceWork().awaitQuiet()) {
            throw new MachineException("requests of its devices are under way and do not end");
        }
        List<Slot<?>> left = new ArrayList<>();
        try {
            for (Slot<?> dependent : slot.dependents().stream().filter(other -> other.use() != null).toList()) {
                dependent.leave();
                left.add(dependent);
            }
            replace(slot, next, decided);
        } finally {
            left.forEach(this::enterAgain);
            changed.run();
        }
    }

    private <T> void putBack(Slot<T> slot, Use<T> former) {
        slot.remember(former);
        enterAgain(slot);
    }

    private void enterAgain(Slot<?> slot) {
        try {
            slot.enterAgain();
        } catch (StateException | RuntimeException e) {
            missed(slot, e);
        }
    }

    /** A slot stays empty: the machine stands until the part is deployed anew. */
    private <T> void missed(Slot<T> slot, Exception e) {
        LOG.error("Machine {} is frozen: '{}' does not come back as {}", machine.name(), slot.part(), slot.name(), e);
        Use<T> use = slot.forget();
        machine.gate().freeze(slot, slot.kind() + " part '" + slot.part() + "' does not come back: " + e.getMessage() + "; deploy it anew");
        missing.add(slot);
        use.close();
    }

    /** @param decided set by whoever is first: this, when the former part has left; or who waited for it in vain, then the former part comes back */
    private <T> void replace(Slot<T> slot, Use<T> next, AtomicBoolean decided) throws StateException {
        Use<T> former = slot.takeOut();
        try {
            if (!decided.compareAndSet(false, true)) {
                throw new MachineException("'" + slot.part() + "' took too long to leave");
            }
            slot.putIn(next);
        } catch (StateException | RuntimeException | Error e) {
            next.close();
            if (former != null) {
                putBack(slot, former);
            }
            throw e;
        }
        if (former != null) {
            former.close();
        }
    }

    // Parts that go and come back

    private synchronized <T> void gone(Slot<T> slot, Use<T> use) {
        if (use != null && slot.use() == use && !slot.outlivesItsPart()) {
            gone(slot, slot.part(), slot::takeOut);
        }
    }

    /** What a slot needs is missing: the machine is frozen, {@code leave} is run when it stands; the slot comes back when there are new parts. */
    synchronized void gone(Slot<?> slot, String name, Runnable leave) {
        if (!closed) {
            machine.gate().freeze(slot, slot.kind() + " part '" + name + "' is gone; deploy it again");
            missing.add(slot);
            LOG.warn("Machine {} is frozen: {} part '{}' is gone", machine.name(), slot.kind(), name);
            leave.run();
        }
    }

    private void partsChanged() {
        fillMissing();
    }

    /** Tries again what did not take over. Worth while after a reset too, when no state is left that a part could refuse. */
    synchronized void fillMissing() {
        if (!closed) {
            List.copyOf(missing).forEach(this::tryAgain);
        }
    }

    private void tryAgain(Slot<?> slot) {
        try {
            slot.comeBack(this);
            changed.run();
            present(slot);
            LOG.info("Machine {}: a part is back, {}", machine.name(), missing.isEmpty() ? "all are there" : missing.size() + " are missing still");
        } catch (MachineException e) {
            LOG.debug("Machine {} stays frozen: {}", machine.name(), e.getMessage());
        } catch (StateException | RuntimeException e) {
            machine.gate().freeze(slot, "the part that came back does not take over: " + e);
            LOG.error("Machine {} stays frozen: the part that came back does not take over", machine.name(), e);
        }
    }

    private void present(Slot<?> slot) {
        if (missing.remove(slot)) {
            machine.gate().thaw(slot);
        }
    }

    /** Gives back all parts. After the hart threads have ended. */
    synchronized void close() {
        closed = true;
        try {
            listening.close();
        } catch (Exception e) {
            LOG.warn("Machine {} still listens to parts", machine.name(), e);
        }
        for (Slot<?> slot : slots.reversed()) {
            Use<?> use = slot.use();
            if (use != null) {
                use.close();
            }
        }
    }
}
