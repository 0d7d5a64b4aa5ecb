package tidemark.shell;

import tidemark.api.checkpoint.Progress;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.shell.Units;

/** How far a checkpoint is, in a line. */
public final class ProgressText {
    private ProgressText() {}

    public static String of(Progress p) {
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
}
