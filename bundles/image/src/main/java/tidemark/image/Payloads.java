package tidemark.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidemark.api.state.State;

/** The bytes of manifests and states. */
final class Payloads {
    private Payloads() {}

    static ByteBuffer ofManifest(Map<String, String> manifest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(manifest.size());
        for (Map.Entry<String, String> entry : new TreeMap<>(manifest).entrySet()) {
            writeText(out, entry.getKey());
            writeText(out, entry.getValue());
        }
        return checked(bytes, SectionType.MANIFEST);
    }

    static ByteBuffer ofStates(List<State> states) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(states.size());
        for (State state : states) {
            state.write(out);
        }
        return checked(bytes, SectionType.STATES);
    }

    static Map<String, String> manifest(ByteBuffer bytes) throws IOException {
        try {
            Map<String, String> manifest = new TreeMap<>();
            for (int left = bytes.getInt(); left != 0; left--) {
                manifest.put(readText(bytes), readText(bytes));
            }
            return expectEnd(manifest, bytes.remaining());
        } catch (java.nio.BufferUnderflowException e) {
            throw new IOException("it ends within an entry", e);
        }
    }

    static List<State> states(ByteBuffer bytes) throws IOException {
        ByteArrayInputStream rest = new ByteArrayInputStream(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        DataInputStream in = new DataInputStream(rest);
        List<State> states = new ArrayList<>();
        for (int left = in.readInt(); left != 0; left--) {
            states.add(State.read(in));
        }
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

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(ByteBuffer bytes) throws CharacterCodingException, IOException {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new IOException("a text claims " + Integer.toUnsignedString(length) + " bytes of " + bytes.remaining());
        }
        String text = UTF_8.newDecoder().decode(bytes.slice(bytes.position(), length)).toString();
        bytes.position(bytes.position() + length);
        return text;
    }
}
