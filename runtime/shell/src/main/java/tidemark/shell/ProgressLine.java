package tidemark.shell;

import java.util.function.Consumer;
import tidemark.api.checkpoint.Progress;
import tidemark.api.memory.PhysicalMemory;

/** One line that tells how far a checkpoint is, rewritten in place on a terminal; elsewhere nothing. */
public final class ProgressLine implements Consumer<Progress>, AutoCloseable {
    private final Screen screen;
    private final String title;
    private boolean shown;

    public ProgressLine(Screen screen, String title) {
        this.screen = screen;
        this.title = title;
    }

    @Override
    public void accept(Progress progress) {
        show(text(progress));
    }

    /** Shows any text in its place. */
    public void show(String text) {
        if (screen.live()) {
            String line = title + "  " + text;
            int room = screen.columns().getAsInt() - 1;
            screen.out().print("\r" + (line.length() > room ? line.substring(0, Math.max(0, room)) : line) + "\u001b[K");
            screen.out().flush();
            shown = true;
        }
    }

    static String text(Progress p) {
        StringBuilder text = new StringBuilder(p.phase());
        if (p.round() > 0) {
            text.append(p.phase().equals("round") ? " " : ", round ").append(p.round());
        }
        text.append("  ").append(Units.count(p.pendingPages())).append(" pages left");
        if (p.dirtyPagesPerSecond() > 0) {
            text.append("  ").append(Units.count(Math.round(p.dirtyPagesPerSecond()))).append(" dirtied/s");
        }
        if (p.pagesPerSecond() > 0) {
            text.append("  ").append(Units.bytes(p.pagesPerSecond() * PhysicalMemory.PAGE_SIZE)).append("/s");
            text.append("  expected downtime ").append(Units.time(p.expectedDowntime()));
        }
        return text.append("  ").append(Units.time(p.elapsed())).toString();
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
