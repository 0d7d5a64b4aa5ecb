package tidemark.machine;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5). */
final class DeviceTree {
    private static final int MAGIC = 0xD00DFEED;
    private static final int VERSION = 17;
    private static final int LAST_COMPATIBLE_VERSION = 16;
    private static final int HEADER_SIZE = 40;
    private static final int RESERVATIONS_SIZE = 16;
    private static final int FDT_BEGIN_NODE = 1;
    private static final int FDT_END_NODE = 2;
    private static final int FDT_PROP = 3;
    private static final int FDT_END = 9;

    private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(structure);
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Integer> stringOffsets = new LinkedHashMap<>();

    /** Writes a node: its name, then what {@code content} writes. */
    DeviceTree node(String name, Runnable content) {
        write(() -> {
            out.writeInt(FDT_BEGIN_NODE);
            bytes(text(name));
        });
        content.run();
        write(() -> out.writeInt(FDT_END_NODE));
        return this;
    }

    /** A property without a value. */
    DeviceTree flag(String name) {
        return property(name, new byte[0]);
    }

    DeviceTree property(String name, String... values) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String value : values) {
            list.writeBytes(text(value));
        }
        return property(name, list.toByteArray());
    }

    DeviceTree cells(String name, int... values) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (int value : values) {
            list.writeBytes(java.nio.ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        }
        return property(name, list.toByteArray());
    }

    /** An address and a size of two cells each. */
    DeviceTree region(String name, long address, long size) {
        return cells(name, (int) (address >>> 32), (int) address, (int) (size >>> 32), (int) size);
    }

    private DeviceTree property(String name, byte[] value) {
        write(() -> {
            out.writeInt(FDT_PROP);
            out.writeInt(value.length);
            out.writeInt(string(name));
            bytes(value);
        });
        return this;
    }

    private int string(String name) {
        return stringOffsets.computeIfAbsent(name, absent -> {
            int offset = strings.size();
            strings.writeBytes(text(name));
            return offset;
        });
    }

    private static byte[] text(String value) {
        return (value + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private void bytes(byte[] value) throws IOException {
        out.write(value);
        while (out.size() % Integer.BYTES != 0) {
            out.writeByte(0);
        }
    }

    /** The blob: header, an empty reservation block, structure, strings. */
    byte[] blob() {
        ByteArrayOutputStream blob = new ByteArrayOutputStream();
        DataOutputStream header = new DataOutputStream(blob);
        int stringsAt = HEADER_SIZE + RESERVATIONS_SIZE + structure.size() + Integer.BYTES;
        int[] words = {MAGIC, stringsAt + strings.size(), HEADER_SIZE + RESERVATIONS_SIZE, stringsAt, HEADER_SIZE, VERSION, LAST_COMPATIBLE_VERSION, 0,
            strings.size(), structure.size() + Integer.BYTES};
        write(() -> {
            for (int word : words) {
                header.writeInt(word);
            }
            header.write(new byte[RESERVATIONS_SIZE]);
            header.write(structure.toByteArray());
            header.writeInt(FDT_END);
            header.write(strings.toByteArray());
        });
        return blob.toByteArray();
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refuses bytes", e);
        }
    }
}
