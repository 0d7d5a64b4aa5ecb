package tidemark.machine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What somebody may have meant who wrote a name that there is not. */
final class Nearest {
    private static final int FEW = 12;
    private static final int NEAR = 3;

    private Nearest() {}

    /** A clause for an error message: the nearest names, and all if they are few. */
    static String hint(String name, Collection<String> names) {
        if (names.isEmpty()) {
            return "there is none";
        }
        List<String> near = names.stream().filter(n -> distance(name, n) <= Math.max(1, name.length() / 2))
                .sorted(Comparator.comparingInt((String n) -> distance(name, n)).thenComparing(n -> n)).limit(NEAR).toList();
        String all = names.size() <= FEW ? "there are " + String.join(", ", names) : "there are " + names.size();
        return near.isEmpty() ? all : "did you mean " + String.join(" or ", near) + "? " + all;
    }

    /** Levenshtein's edit distance. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
