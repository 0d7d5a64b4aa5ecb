package tidemark.shell;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tidemark.api.shell.CommandError;

/** What {@code --send} means: text in UTF-8 with the escapes {@code \n \r \t \e \xNN \\}; nothing is added. */
final class Escapes {
    private static final Map<Character, Integer> NAMED = Map.of('n', 0x0A, 'r', 0x0D, 't', 0x09, 'e', 0x1B, '\\', 0x5C);

    private Escapes() {}

    static byte[] bytes(String text) throws CommandError {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            int escape = text.indexOf('\\', i);
            int end = escape < 0 ? text.length() : escape;
            bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
            i = escape < 0 ? end : unescape(text, escape, bytes);
        }
        return bytes.toByteArray();
    }

    /** @return where the text goes on after the escape */
    private static int unescape(String text, int at, ByteArrayOutputStream bytes) throws CommandError {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        if (kind == 'x' && text.substring(at + 2).matches("(?s)[0-9a-fA-F]{2}.*")) {
            bytes.write(Integer.parseInt(text.substring(at + 2, at + 4), 16));
            return at + 4;
        }
        if (!NAMED.containsKey(kind)) {
            throw new CommandError("--send '" + text + "': '" + text.substring(at, Math.min(at + 2, text.length()))
                    + "' is no escape; there are \\n \\r \\t \\e \\xNN, and \\\\ for a backslash");
        }
        bytes.write(NAMED.get(kind));
        return at + 2;
    }
}
