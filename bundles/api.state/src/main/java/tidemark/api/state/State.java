package tidemark.api.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state of one part at one instant: a name, a version and named fields. A part reads states of its own and of older
 * versions and refuses newer ones. Values are 64-bit integers or byte strings; field order does not matter. Filled once
 * by the part that saves it, then only read; not thread-safe while it is being filled.
 */
public final class State {
    /** The longest byte string that is accepted when a state is read back, in bytes. */
    public static final int MAX_BYTES = 64 << 20;
    /** The most states in one list. */
    public static final int MAX_STATES = 10_000;
    /** The most bytes of a list of states, as {@link #writeAll} writes them. */
    public static final int MAX_LIST_BYTES = 64 << 20;
    /** The most fields of all states in one list. */
    private static final int MAX_FIELDS = 1 << 16;
    private static final int AT_ONCE = 1 << 16;
    private static final byte LONG = 1;
    private static final byte BYTES = 2;

    private final String name;
    private final int version;
    private final TreeMap<String, Object> fields = new TreeMap<>();

    /**
     * @param name the part's name in the machine, for example {@code hart0} or {@code uart0}
     * @param version the version of the layout of the fields, 1 or more
     */
    public State(String name, int version) {
        this.name = Objects.requireNonNull(name, "name");
        this.version = version;
    }

    public String name() {
        return name;
    }

    public int version() {
        return version;
    }

    public State put(String field, long value) {
        fields.put(field, value);
        return this;
    }

    public State put(String field, boolean value) {
        return put(field, value ? 1L : 0L);
    }

    /** Stores a copy of {@code value}. */
    public State put(String field, byte[] value) {
        fields.put(field, value.clone());
        return this;
    }

    /** Stores {@code values} as little-endian bytes. */
    public State put(String field, long[] values) {
        byte[] bytes = new byte[values.length * Long.BYTES];
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
        fields.put(field, bytes);
        return this;
    }

    /** The number of fields. */
    public int size() {
        return fields.size();
    }

    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /** @throws StateException if the field is absent or not a number */
    public long getLong(String field) throws StateException {
        if (fields.get(field) instanceof Long value) {
            return value;
        }
        throw missing(field, "number");
    }

    /** @throws StateException if the field is absent, not a number, or does not fit */
    public int getInt(String field) throws StateException {
        long value = getLong(field);
        if (value != (int) value) {
            throw new StateException("State '" + name + "': field '" + field + "' is " + value + ", which is no 32-bit number");
        }
        return (int) value;
    }

    public boolean getBoolean(String field) throws StateException {
        return getLong(field) != 0;
    }

    /** @return a copy */
    public byte[] getBytes(String field) throws StateException {
        if (fields.get(field) instanceof byte[] value) {
            return value.clone();
        }
        throw missing(field, "byte string");
    }

    /** Reads exactly {@code into.length} values. */
    public void getLongs(String field, long[] into) throws StateException {
        byte[] bytes = getBytes(field);
        if (bytes.length != into.length * Long.BYTES) {
            throw new StateException("State '" + name + "': field '" + field + "' has " + bytes.length + " bytes, expected "
                    + into.length * Long.BYTES);
        }
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(into);
    }

    /**
     * Refuses a state of another part or of a newer version; the first line of every {@code load}.
     *
     * @throws StateException which names both versions and the way out
     */
    public void expect(String expectedName, int newestVersion) throws StateException {
        if (!name.equals(expectedName)) {
            throw new StateException("State of '" + name + "' was handed to '" + expectedName + "'");
        }
        if (version < 1 || version > newestVersion) {
            throw new StateException("State '" + name + "' has version " + version + ", this part reads up to version "
                    + newestVersion + "; deploy a newer version of the part");
        }
    }

    /** The state of that name. */
    public static Optional<State> named(List<State> states, String name) {
        return states.stream().filter(state -> state.name.equals(name)).findFirst();
    }

    /** The names of the fields on which this state and {@code other} differ, sorted; empty if they are equal. */
    public List<String> differences(State other) {
        List<String> names = new ArrayList<>();
        if (!name.equals(other.name) || version != other.version) {
            names.add(name + " v" + version + " / " + other.name + " v" + other.version);
        }
        TreeMap<String, Object> all = new TreeMap<>(fields);
        all.putAll(other.fields);
        for (String field : all.keySet()) {
            if (!Objects.deepEquals(fields.get(field), other.fields.get(field))) {
                names.add(field);
            }
        }
        return names;
    }

    /** Field names and values as text, sorted by name: numbers in hexadecimal, byte strings in hexadecimal digits. */
    public Map<String, String> describe() {
        TreeMap<String, String> text = new TreeMap<>();
        fields.forEach((field, value) -> text.put(field,
                value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : "0x" + Long.toHexString((Long) value)));
        return text;
    }

    public void write(DataOutput out) throws IOException {
        out.writeUTF(name);
        out.writeInt(version);
        out.writeInt(fields.size());
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            out.writeUTF(field.getKey());
            if (field.getValue() instanceof byte[] bytes) {
                out.writeByte(BYTES);
                out.writeInt(bytes.length);
                out.write(bytes);
            } else {
                out.writeByte(LONG);
                out.writeLong((Long) field.getValue());
            }
        }
    }

    /** Writes a list of states: their number, then each. */
    public static void writeAll(List<State> states, DataOutput out) throws IOException {
        int fields = states.stream().mapToInt(State::size).sum();
        if (states.size() > MAX_STATES || fields > MAX_FIELDS) {
            throw new IOException(states.size() + " states with " + fields + " fields; allowed are " + MAX_STATES + " with " + MAX_FIELDS);
        }
        out.writeInt(states.size());
        for (State state : states) {
            state.write(out);
        }
    }

    /**
     * Reads what {@link #writeAll} wrote; trusts no number in it. What is read takes memory in proportion to the bytes that come.
     *
     * @throws IOException if a number is beyond what is allowed, or the input ends
     */
    public static List<State> readAll(DataInput in) throws IOException {
        try {
            int count = in.readInt();
            if (count < 0 || count > MAX_STATES) {
                throw new IOException(Integer.toUnsignedString(count) + " states, allowed are " + MAX_STATES);
            }
            List<State> states = new ArrayList<>();
            int fields = 0;
            for (int i = 0; i < count; i++) {
                State state = read(in, MAX_FIELDS - fields);
                fields += state.size();
                states.add(state);
            }
            return states;
        } catch (EOFException e) {
            throw new IOException("it ends within a state", e);
        }
    }

    /** Reads what {@link #write} wrote; trusts no length. */
    public static State read(DataInput in) throws IOException {
        return read(in, MAX_FIELDS);
    }

    private static State read(DataInput in, int maxFields) throws IOException {
        State state = new State(in.readUTF(), in.readInt());
        int count = checked(in.readInt(), maxFields, "number of fields", state.name);
        for (int i = 0; i < count; i++) {
            String field = in.readUTF();
            byte type = in.readByte();
            switch (type) {
                case LONG -> state.put(field, in.readLong());
                case BYTES -> {
                    int length = checked(in.readInt(), MAX_BYTES, "length of " + field, state.name);
                    state.fields.put(field, bytes(in, length));
                }
                default -> throw new IOException("State '" + state.name + "': field '" + field + "' has unknown type " + type);
            }
        }
        if (state.size() != count) {
            throw new IOException("State '" + state.name + "': " + (count - state.size()) + " of its fields are there twice");
        }
        return state;
    }

    /** Memory is taken as the bytes come, not as a length claims. */
    private static byte[] bytes(DataInput in, int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, AT_ONCE)];
        in.readFully(bytes);
        while (bytes.length < length) {
            int read = bytes.length;
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, read * 2L));
            in.readFully(bytes, read, bytes.length - read);
        }
        return bytes;
    }

    private static int checked(int value, int max, String what, String name) throws IOException {
        if (value < 0 || value > max) {
            throw new IOException("State '" + name + "': " + what + " is " + value + ", allowed are 0 to " + max);
        }
        return value;
    }

    private StateException missing(String field, String type) {
        return new StateException("State '" + name + "' version " + version + " has no " + type + " '" + field + "'");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State state && differences(state).isEmpty();
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(fields.values().toArray()) * 31 + name.hashCode();
    }

    @Override
    public String toString() {
        return name + " v" + version + " " + describe();
    }
}
