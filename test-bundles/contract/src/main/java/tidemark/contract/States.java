package tidemark.contract;

import tidemark.api.state.State;
import tidemark.api.state.StateException;

/** Saved states that something was done to. */
final class States {
    private States() {}

    /** With one field's number changed, if there is such a field. */
    static State with(State state, String name, int version, String field, long value) {
        State changed = copy(state, name, version, "");
        return state.has(field) && !isBytes(state, field) ? changed.put(field, value) : state.has(field) ? changed.put(field, new byte[(int) value & 0xff]) : changed;
    }

    static State without(State state, String field) {
        return copy(state, state.name(), state.version(), field);
    }

    private static State copy(State state, String name, int version, String without) {
        State copy = new State(name, version);
        for (String field : state.describe().keySet()) {
            if (!field.equals(without)) {
                copyField(state, field, copy);
            }
        }
        return copy;
    }

    private static void copyField(State from, String field, State to) {
        try {
            if (isBytes(from, field)) {
                to.put(field, from.getBytes(field));
            } else {
                to.put(field, from.getLong(field));
            }
        } catch (StateException e) {
            throw new AssertionError(e);
        }
    }

    /** As text, numbers begin with 0x. */
    private static boolean isBytes(State state, String field) {
        return !state.describe().get(field).startsWith("0x");
    }
}
