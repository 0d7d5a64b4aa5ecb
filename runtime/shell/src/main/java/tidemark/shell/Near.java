package tidemark.shell;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import tidemark.api.machine.Nearest;

/** Finds what a mistyped word may have meant. */
final class Near {
    private Near() {}

    /** The end of a sentence: {@code "; did you mean a or b?"}, or a full stop if no candidate is near. */
    static String hint(String word, Collection<String> candidates) {
        int best = candidates.stream().mapToInt(c -> cost(word, c)).min().orElse(0);
        List<String> near = candidates.stream().distinct().filter(c -> cost(word, c) == best).sorted().limit(3).toList();
        return near.isEmpty() || best > limit(word) ? "." : "; did you mean " + String.join(" or ", near) + "?";
    }

    private static int limit(String word) {
        return Math.max(1, bare(word).length() / 3);
    }

    private static int cost(String word, String candidate) {
        String a = bare(word);
        String b = bare(candidate);
        return a.length() >= 2 && b.startsWith(a) ? 0 : Math.min(Nearest.distance(a, b), Nearest.distance(a, b.substring(b.indexOf(':') + 1)));
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceFirst("^-+", "");
    }
}
