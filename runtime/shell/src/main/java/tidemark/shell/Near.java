package tidemark.shell;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

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
        return a.length() >= 2 && b.startsWith(a) ? 0 : Math.min(distance(a, b), distance(a, b.substring(b.indexOf(':') + 1)));
    }

    private static String bare(String word) {
        return word.toLowerCase(Locale.ROOT).replaceFirst("^-+", "");
    }

    /** Edits, of which a swap of neighbours is one, that make {@code b} of {@code a}. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
