package tidemark.shell.script;

import java.util.Arrays;
import java.util.OptionalInt;

/** Marks an exception with the line of the script where it was thrown; its type and message stay. */
final class Place extends Throwable {
    private static final long serialVersionUID = 1L;
    private final int line;

    private Place(int line) {
        super("line " + line, null, false, false);
        this.line = line;
    }

    /** The innermost place counts: one that is marked already keeps it. */
    static void mark(Throwable thrown, int line) {
        if (of(thrown).isEmpty()) {
            thrown.addSuppressed(new Place(line));
        }
    }

    static OptionalInt of(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            OptionalInt place = Arrays.stream(e.getSuppressed()).filter(Place.class::isInstance).mapToInt(each -> ((Place) each).line).findFirst();
            if (place.isPresent()) {
                return place;
            }
        }
        return OptionalInt.empty();
    }
}
