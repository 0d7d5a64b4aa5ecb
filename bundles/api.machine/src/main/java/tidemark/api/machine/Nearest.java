package tidemark.api.machine;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What somebody may have meant who wrote a name that there is not: for error messages. */
public final class Nearest {
    private static final int FEW = 12;
    private static final int NEAR = 3;

    private Nearest() {}

    /** A clause for an error message: the nearest names, and all if they are few. Capitals that are wrong are no distance. */
    public static String hint(String name, Collection<String> names) {
        if (names.isEmpty()) {
            return "there is none";
        }
        List<String> same = names.stream().filter(n -> n.equalsIgnoreCase(name) && !n.equals(name)).sorted().toList();
        List<String> near = same.isEmpty() ? names.stream().filter(n -> distance(name, n) <= Math.max(1, name.length() / 2))
                .sorted(Comparator.comparingInt((String n) -> distance(name, n)).thenComparing(n -> n)).limit(NEAR).toList() : same;
        String all = names.size() <= FEW ? "there are " + String.join(", ", names) : "there are " + names.size();
        return near.isEmpty() ? all : "did you mean " + String.join(" or ", near) + "? " + all;
    }

    /** Damerau's distance: edits, of which a swap of neighbours is one, that make {@code b} of {@code a}. */
    public static int distance(String a, String b) {
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
