package tidemark.launch;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of {@code --allow-list}: lines as {@code sha256sum} writes them, of which only the digest counts; empty ones, and comments from a {@code #} at the
 * beginning of a line on.
 */
final class AllowListFile {
    private static final Pattern LINE = Pattern.compile("\\\\?([0-9a-fA-F]{64})(?: [ *].*)?");

    private AllowListFile() {}

    /** @throws IllegalArgumentException with the number of the first line that is none */
    static Set<String> digests(List<String> lines) {
        Set<String> digests = new TreeSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                digests.add(matcher.group(1).toLowerCase(java.util.Locale.ROOT));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                throw new IllegalArgumentException("line " + (i + 1) + ": '" + line
                        + "' is no line of sha256sum: write 64 hexadecimal digits, two spaces and a name");
            }
        }
        return digests;
    }
}
