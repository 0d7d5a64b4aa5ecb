package tidemark.differential;

import java.util.List;

/**
 * A piece of a stream that can be left out without harm to the others, so that a stream that shows a difference can be shrunk.
 *
 * @param children run in the privilege mode that this item enters; empty for most
 */
record Item(Kind kind, long seed, List<Item> children) {
    /** What an item does. */
    enum Kind {
        INTEGER(Computing::integers),
        FLOATING(Computing::floats),
        ROUNDING(Computing::roundingModes),
        FLOATING_OFF(Computing::floatsSwitchedOff),
        MEMORY(Accessing::scratch),
        ATOMIC(Accessing::atomics),
        PAGED(Accessing::paged),
        SELF_MODIFYING(Accessing::selfModifying),
        CONTROL(Jumping::control),
        TRAP(Trapping::trap),
        RANDOM_WORDS(Trapping::randomWords),
        CSR(Privileged::csrs),
        INTERRUPT(Privileged::interrupts),
        PAGE_TABLE(Privileged::pageTable),
        MODIFIED_PRIVILEGE(Privileged::modifiedPrivilege),
        S_BARE(Privileged::supervisorBare),
        U_BARE(Privileged::userBare),
        S_PAGED(Privileged::supervisorPaged),
        U_PAGED(Privileged::userPaged);

        private final Emitter emitter;

        Kind(Emitter emitter) {
            this.emitter = emitter;
        }

        boolean hasChildren() {
            return this == S_BARE || this == U_BARE || this == S_PAGED || this == U_PAGED;
        }

        boolean paged() {
            return this == S_PAGED || this == U_PAGED;
        }
    }

    @FunctionalInterface
    interface Emitter {
        void emit(Draw draw, Place out, List<Item> children);
    }

    void emit(Place out) {
        out.code().comment(kind.toString());
        kind.emitter.emit(new Draw(seed), out, children);
    }
}
