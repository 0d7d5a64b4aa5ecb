package tidemark.bench.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tidemark.api.shell.Units;
import tidemark.bench.Figure;

/** The figures of a report in rows and columns, for the terminal and the page alike. A place without a figure has a dash. */
record CpuTables(CpuReport report) {
    private static final String NONE = "-";

    /** What stands behind a figure whose runs differ too much. */
    static final String MARK = " ?";

    /** @param text without a mark */
    record Entry(String text, boolean isDoubtful) {
        static Entry of(String text) {
            return new Entry(text, false);
        }

        /** As it is shown. */
        String marked() {
            return text + (isDoubtful ? MARK : "");
        }
    }

    /** @param entries rows as long as the head */
    record Grid(List<String> head, List<List<Entry>> entries) {
        /** Without marks. */
        List<List<String>> rows() {
            return entries.stream().map(row -> row.stream().map(Entry::text).toList()).toList();
        }

        boolean hasDoubts() {
            return entries.stream().flatMap(List::stream).anyMatch(Entry::isDoubtful);
        }
    }

    /** Steady state: guest MIPS by CPU time of the computing thread, and ratios. */
    Grid steady() {
        List<String> head = new ArrayList<>(List.of("kernel"));
        report.names().forEach(name -> head.add(name + " MIPS"));
        pairs().forEach(pair -> head.add(pair.title()));
        List<List<Entry>> rows = new ArrayList<>();
        for (String kernel : report.kernels()) {
            List<Entry> row = new ArrayList<>(List.of(Entry.of(kernel)));
            report.names().forEach(name -> row.add(plain(report.mipsFigure(kernel, name))));
            pairs().forEach(pair -> row.add(withSpread(report.steady(kernel, pair.peer, pair.base))));
            rows.add(row);
        }
        rows.add(means());
        return new Grid(head, rows);
    }

    private List<Entry> means() {
        List<Entry> row = new ArrayList<>(List.of(Entry.of("geometric mean")));
        report.names().forEach(name -> row.add(Entry.of(NONE)));
        pairs().forEach(pair -> row.add(number(report.steadyGeometricMean(pair.peer, pair.base))));
        return row;
    }

    /** Whole runs from cold: times, guest MIPS by the clock on the wall, and how many times as fast as QEMU's machine. */
    Grid cold() {
        List<List<Entry>> rows = new ArrayList<>();
        for (String guest : report.guests()) {
            for (String name : report.names()) {
                double wall = report.wallSeconds(guest, name).value();
                rows.add(List.of(Entry.of(guest), Entry.of(name), withSpread(report.wallSeconds(guest, name)),
                        plain(report.cpuSeconds(guest, name)),
                        number(report.instructionsOfGuest(guest).orElse(Double.NaN) / 1e6 / wall), plain(report.translatedPercent(guest, name)),
                        report.has(Peer.QEMU_SYSTEM) ? withSpread(report.cold(guest, name, Peer.QEMU_SYSTEM)) : Entry.of(NONE)));
            }
        }
        return new Grid(List.of("guest", "on", "seconds", "CPU s", "MIPS", "% translated", ": " + Peer.QEMU_SYSTEM), rows);
    }

    private record Pair(String peer, String base) {
        String title() {
            return peer + " : " + base;
        }
    }

    /** The translator's ratios; without it every engine's. */
    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Peer peer : report.peers().present()) {
            if (peer.isEngine() && report.has(Peer.QEMU_SYSTEM)) {
                pairs.add(new Pair(peer.name(), Peer.QEMU_SYSTEM));
            }
        }
        if (report.has(Peer.TRANSLATOR) && report.has(Peer.INTERPRETER)) {
            pairs.add(new Pair(Peer.TRANSLATOR, Peer.INTERPRETER));
        }
        return pairs;
    }

    private static Entry withSpread(Figure figure) {
        String spread = figure.runs() > 1 ? String.format(Locale.ROOT, " ±%.0f %%", 100 * figure.spread()) : "";
        return new Entry(number(figure.value()).text() + spread, figure.isDoubtful());
    }

    private static Entry plain(Figure figure) {
        return new Entry(number(figure.value()).text(), figure.isDoubtful());
    }

    private static Entry number(double value) {
        return Entry.of(Double.isNaN(value) ? NONE : Units.digits(value));
    }
}
