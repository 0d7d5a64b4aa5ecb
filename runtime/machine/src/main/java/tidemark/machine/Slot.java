package tidemark.machine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import tidemark.api.machine.Machine.UsedPart;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Parts.Use;
import tidemark.api.state.StateException;

/** The place of a part in a machine. Parts are put in and taken out only while no hart runs, by {@link Swap}; what the guest could see of them stays here. */
abstract class Slot<T> {
    private static final int PAUSES_KEPT = 1000;
    private final Class<T> type;
    private final String kind;
    private String part;
    private Use<T> use;
    private Instant since = Instant.now();
    private int entered;
    private final ArrayDeque<Duration> pauses = new ArrayDeque<>();

    /**
     * @param type the part's service
     * @param kind as {@code Parts} calls it
     * @param part name of the part that belongs here
     */
    Slot(Class<T> type, String kind, String part) {
        this.type = type;
        this.kind = kind;
        this.part = part;
    }

    /** What {@code vm:use} calls it. */
    abstract String name();

    /** A part comes and takes over what the last one left. If that fails the slot is empty and still has it. */
    abstract void enter(T newPart) throws StateException;

    /** The part goes; what it knew stays. */
    abstract void leave();

    /** Slots of parts that hold on to this one's part: they are left while it is exchanged. */
    List<Slot<?>> dependents() {
        return List.of();
    }

    /** Whether what the part made goes on without it, so that the machine need not stand when it goes. */
    boolean outlivesItsPart() {
        return false;
    }

    /** @throws MachineException if this is no time for an exchange */
    void refuse() {}

    Class<T> type() {
        return type;
    }

    String kind() {
        return kind;
    }

    /** Whether the machine has to do without. */
    boolean missing() {
        return use == null;
    }

    /** @throws MachineException while its part is not there */
    void comeBack(Swap swap) throws StateException {
        swap.fill(this);
    }

    /** The name of the part that is here, or is missed. */
    String part() {
        return part;
    }

    /** The use of the part that is here, or null. */
    Use<T> use() {
        return use;
    }

    void putIn(Use<T> newUse) throws StateException {
        enter(newUse.part());
        use = newUse;
        part = newUse.info().name();
        came();
    }

    /** A part has come that was not here before. */
    final void came() {
        since = Instant.now();
        entered++;
    }

    /** What the guest noticed of an exchange. */
    void stood(Duration pause) {
        if (pauses.size() == PAUSES_KEPT) {
            pauses.removeFirst();
        }
        pauses.addLast(pause);
    }

    /** For people. */
    UsedPart describe() {
        return new UsedPart(name(), kind, part(), since, Math.max(0, entered - 1), List.copyOf(pauses));
    }

    /** The same part comes again after {@link #leave}. */
    void enterAgain() throws StateException {
        enter(use.part());
    }

    /** The use whose part is about to come again. */
    void remember(Use<T> former) {
        use = former;
    }

    /** Its part cannot come again. */
    Use<T> forget() {
        Use<T> former = use;
        use = null;
        return former;
    }

    /** @return the use that it was, or null */
    Use<T> takeOut() {
        Use<T> former = use;
        if (former != null) {
            leave();
            use = null;
        }
        return former;
    }
}
