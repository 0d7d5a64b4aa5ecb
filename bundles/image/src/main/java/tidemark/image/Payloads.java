package tidemark.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.state.State;

/** The bytes of manifests and states. */
final class Payloads {
    /** The most entries of a manifest. */
    static final int MAX_ENTRIES = 1 << 16;
    /** The longest key of an entry, in bytes. */
    static final int MAX_KEY = 255;

    private Payloads() {}

    static ByteBuffer ofManifest(Map<String, String> manifest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(bounded(manifest.size()));
        for (Map.Entry<String, String> entry : new TreeMap<>(manifest).entrySet()) {
            writeText(out, entry.getKey(), MAX_KEY);
            writeText(out, entry.getValue(), SectionType.MANIFEST.maxPayload);
        }
        return checked(bytes, SectionType.MANIFEST);
    }

    static ByteBuffer ofStates(List<State> states) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        State.writeAll(states, out);
        return checked(bytes, SectionType.STATES);
    }

    static ByteBuffer ofParent(ImageReader.Parent parent) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        writeText(out, parent.id(), MAX_KEY);
        writeText(out, parent.file(), MAX_KEY);
        return checked(bytes, SectionType.PARENT);
    }

    static ImageReader.Parent parent(ByteBuffer bytes) throws IOException {
        try {
            ImageReader.Parent parent = new ImageReader.Parent(readText(bytes, MAX_KEY), readText(bytes, MAX_KEY));
            return expectEnd(parent, bytes.remaining());
        } catch (java.nio.BufferUnderflowException e) {
            throw new IOException("it ends within a text", e);
        } catch (CharacterCodingException e) {
            throw new IOException("a text is not in UTF-8", e);
        }
    }

    static Map<String, String> manifest(ByteBuffer bytes) throws IOException {
        try {
            Map<String, String> manifest = new TreeMap<>();
            for (int left = bounded(bytes.getInt()); left > 0; left--) {
                String key = readText(bytes, MAX_KEY);
                if (manifest.put(key, readText(bytes, bytes.remaining())) != null) {
                    throw new IOException("two entries have the same key");
                }
            }
            return expectEnd(manifest, bytes.remaining());
        } catch (java.nio.BufferUnderflowException e) {
            throw new IOException("it ends within an entry", e);
        } catch (CharacterCodingException e) {
            throw new IOException("a text is not in UTF-8", e);
        }
    }

    private static int bounded(int entries) throws IOException {
        if (entries < 0 || entries > MAX_ENTRIES) {
            throw new IOException("it has " + Integer.toUnsignedString(entries) + " entries, allowed are " + MAX_ENTRIES);
        }
        return entries;
    }

    static List<State> states(ByteBuffer bytes) throws IOException {
        ByteArrayInputStream rest = new ByteArrayInputStream(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        List<State> states = State.readAll(new DataInputStream(rest));
        return expectEnd(states, rest.available());
    }

    private static <T> T expectEnd(T value, int left) throws IOException {
        if (left != 0) {
            throw new IOException(left + " bytes too many");
        }
        return value;
    }

    private static ByteBuffer checked(ByteArrayOutputStream bytes, SectionType type) throws IOException {
        if (bytes.size() > type.maxPayload) {
            throw new IOException("The " + type.label + " take " + bytes.size() + " bytes, an image holds " + type.maxPayload);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static void writeText(DataOutputStream out, String text, int most) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > most) {
            throw new IOException("A text of the manifest has " + bytes.length + " bytes, allowed are " + most);
        }
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(ByteBuffer bytes, int most) throws CharacterCodingException, IOException {
        int length = bytes.getInt();
        if (length < 0 || length > Math.min(most, bytes.remaining())) {
            throw new IOException("a text claims " + Integer.toUnsignedString(length) + " bytes of " + Math.min(most, bytes.remaining()));
        }
        String text = UTF_8.newDecoder().decode(bytes.slice(bytes.position(), length)).toString();
        bytes.position(bytes.position() + length);
        return text;
    }
}
