package tidemark.api.shell;

/** One line that tells how far something is, rewritten in place on a terminal; elsewhere nothing. */
public final class ProgressLine implements AutoCloseable {
    private final Screen screen;
    private final String title;
    private boolean shown;

    public ProgressLine(Screen screen, String title) {
        this.screen = screen;
        this.title = title;
    }

    /** Shows this instead of what it showed. */
    public void show(String text) {
        if (screen.live()) {
            String line = title + "  " + text;
            int room = screen.columns().getAsInt() - 1;
            screen.out().print("\r" + (line.length() > room ? line.substring(0, Math.max(0, room)) : line) + "\u001b[K");
            screen.out().flush();
            shown = true;
        }
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (shown) {
            screen.out().print("\r\u001b[K");
            screen.out().flush();
        }
    }
}
