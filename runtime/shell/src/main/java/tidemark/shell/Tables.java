package tidemark.shell;

import static tidemark.api.shell.Units.bytes;
import static tidemark.api.shell.Units.count;
import static tidemark.api.shell.Units.digits;
import static tidemark.api.shell.Units.instructions;
import static tidemark.api.shell.Units.percent;
import static tidemark.api.shell.Units.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints.RestoreReport;
import tidemark.api.checkpoint.Checkpoints.Rollback;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.Conditions;
import tidemark.api.checkpoint.ImageReader.Section;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table;
import tidemark.api.shell.Table.Cell;
import tidemark.api.shell.Tabular;

/** The results of commands as tables. */
final class Tables {
    private Tables() {}

    /** @return empty for what is no result of these commands */
    static Optional<Table> of(Object result) {
        return Optional.ofNullable(switch (result) {
            case MachineInfo machine -> machine(machine);
            case ImageInfo image -> image(image);
            case CheckpointReport report -> report(report);
            case Verdict verdict -> verdict(verdict);
            case RestoreReport restore -> restore(restore);
            case Rollback rollback -> Table.ofProperties().row("image", new Cell(rollback.image().toString(), Style.BOLD)).row("pages", count(rollback.pages()))
                    .row("guest stood", time(rollback.stood())).row("in all", time(rollback.total()));
            case Tabular tabular -> tabular.table();
            case List<?> list -> ofList(list);
            default -> null;
        });
    }

    private static Table ofList(List<?> list) {
        if (all(list, MachineInfo.class)) {
            return rows(list, Table.withHead("machine", "power", "guest", "RAM", "harts", "clock", "instructions", "why"), m ->
                    machineRow((MachineInfo) m));
        }
        if (all(list, PartInfo.class)) {
            return rows(list, Table.withHead("kind", "name", "bundle", "version", "state", "users"), p -> partRow((PartInfo) p));
        }
        if (all(list, ImageInfo.class)) {
            return rows(list, Table.withHead("image", "machine", "protocol", "size", "RAM", "taken"), i -> imageRow((ImageInfo) i));
        }
        if (all(list, InUse.class)) {
            return rows(list, Table.withHead("part", "kind", "now", "exchanged"), u -> inUseRow((InUse) u));
        }
        if (all(list, Exchange.class)) {
            return rows(list, Table.withHead("part", "was", "now", "guest stood"), e -> exchangeRow((Exchange) e));
        }
        if (all(list, GuestInfo.class)) {
            return rows(list, Table.withHead("guest", "RAM", "state", "what it is"), g -> guestRow((GuestInfo) g));
        }
        if (all(list, OptionInfo.class)) {
            return rows(list, Table.withHead("of", "option", "default", "allowed", "what it does"), o -> optionRow((OptionInfo) o));
        }
        if (all(list, RestoreReport.class)) {
            return rows(list, Table.withHead("machine", "restored in", "first instruction", "pages"), r -> restoreRow((RestoreReport) r));
        }
        if (all(list, CheckpointReport.class)) {
            return rows(list, Table.withHead("protocol", "latency", "downtime", "longest", "progress", "pages", "rounds", "image",
                    "CPU hart", "CPU threads", "ended by", "doubt"), r -> reportRow((CheckpointReport) r));
        }
        return null;
    }

    private static boolean all(List<?> list, Class<?> type) {
        return !list.isEmpty() && list.stream().allMatch(type::isInstance);
    }

    private static Table rows(List<?> list, Table table, Function<Object, Object[]> row) {
        list.forEach(element -> table.row(row.apply(element)));
        return table;
    }

    private static Object[] inUseRow(InUse u) {
        return new Object[] {u.part(), u.kind(), u.now(), u.exchanges() < 0 ? "-" : u.exchanges()};
    }

    private static Object[] exchangeRow(Exchange e) {
        return new Object[] {e.part(), e.was(), e.now(), e.pause().isZero() ? "-" : time(e.pause())};
    }

    private static Object[] machineRow(MachineInfo m) {
        return new Object[] {m.name(), power(m), m.program().isEmpty() ? "-" : m.program(), m.spec().ramMiB() + " MiB", m.spec().harts(),
            m.spec().clock().name().toLowerCase(Locale.ROOT), instructions(m.instructions()), m.reason()};
    }

    private static Cell power(MachineInfo m) {
        return new Cell(m.power(), switch (m.power()) {
            case "running" -> Style.GREEN;
            case "paused" -> Style.YELLOW;
            case "frozen" -> Style.RED;
            default -> Style.DIM;
        });
    }

    private static Object[] partRow(PartInfo p) {
        return new Object[] {p.kind(), new Cell(p.name(), Style.CYAN), p.bundle(), p.version(), p.state(), p.users()};
    }

    private static Object[] imageRow(ImageInfo i) {
        if (i.isDamaged()) {
            return new Object[] {new Cell(i.path().getFileName().toString(), Style.CYAN), new Cell("DAMAGED", Style.RED), "-",
                bytes(i.bytes()), "-", "-"};
        }
        return new Object[] {new Cell(i.path().getFileName().toString(), Style.CYAN), i.manifest().getOrDefault("machine.name", "-"),
            i.manifest().getOrDefault("protocol", "-"), bytes(i.bytes()), (i.pages() >> 8) + " MiB",
            i.manifest().getOrDefault("time", "-").replaceFirst("\\.\\d+Z", "Z")};
    }

    private static Object[] guestRow(GuestInfo g) {
        return new Object[] {new Cell(g.name(), Style.CYAN), g.minimumRamMiB() + " MiB", g.state(), g.description()};
    }

    private static Object[] optionRow(OptionInfo o) {
        return new Object[] {o.owner(), new Cell(o.option().name(), Style.CYAN), o.option().text(o.option().absent()), o.option().allowed(), o.option().description()};
    }

    private static Object[] reportRow(CheckpointReport r) {
        return new Object[] {new Cell(r.request().protocol(), Style.CYAN), time(r.latency()), time(r.downtimeTotal()),
                time(r.downtimeLongest()), percent(r.progressPercent()), count(r.pagesCopied()), r.rounds(), bytes(r.imageBytes()),
                time(r.hartThreadTime()), time(r.checkpointThreadTime()), r.copyingEndedBy(), doubt(r.conditions())};
    }

    /** In a column. */
    private static Cell doubt(Conditions conditions) {
        return new Cell(conditions.mark(), conditions.doubts().isEmpty() ? Style.PLAIN : Style.YELLOW);
    }

    private static Table machine(MachineInfo m) {
        Table table = Table.ofProperties().row("name", new Cell(m.name(), Style.BOLD)).row("power", power(m));
        if (!m.reason().isEmpty()) {
            table.row("why", m.reason());
        }
        if (m.exitCode() != 0) {
            table.row("guest's code", m.exitCode());
        }
        table.row("instructions", count(m.instructions()));
        if (m.mips() > 0) {
            table.row("rate", digits(m.mips()) + " MIPS" + (m.translatedShare() > 0
                    ? String.format(Locale.ROOT, ", %.1f %% of them in translated code", 100 * m.translatedShare()) : ""));
        }
        m.spec().toProperties().forEach((key, value) -> {
            if (!value.isEmpty() && !key.equals("name")) {
                table.row(key, key.equals("ram") ? value + " MiB" : value);
            }
        });
        m.disks().forEach(disk -> table.row("disk", disk));
        if (!m.consoles().isEmpty()) {
            table.row("consoles", String.join(", ", m.consoles()));
        }
        if (!m.checkpoints().isEmpty()) {
            table.row("checkpoints", String.join(", ", m.checkpoints().entrySet().stream().map(chosen -> chosen.getKey() + " " + chosen.getValue()).toList()));
        }
        return table;
    }

    private static Table image(ImageInfo i) {
        Table table = Table.ofProperties().row("image", new Cell(i.path().toString(), Style.BOLD)).row("size", bytes(i.bytes()))
                .row("RAM", count(i.pages()) + " pages");
        i.manifest().forEach((key, value) -> {
            if (!value.isEmpty()) {
                table.row(key, value);
            }
        });
        sections(i.sections()).forEach(text -> table.row("section", text));
        i.states().forEach(state -> table.row("state", state));
        i.asks().forEach(ask -> table.row("asks", ask));
        return table;
    }

    /** A line for each run of sections of one type. */
    static List<String> sections(List<Section> sections) {
        List<String> lines = new ArrayList<>();
        for (int first = 0, end; first < sections.size(); first = end) {
            String type = sections.get(first).type();
            end = first;
            while (end < sections.size() && sections.get(end).type().equals(type)) {
                end++;
            }
            List<Section> run = sections.subList(first, end);
            long data = run.stream().mapToLong(Section::dataPages).sum();
            long zero = run.stream().mapToLong(Section::zeroPages).sum();
            lines.add(String.format(Locale.ROOT, "%-9s at %,14d%s, %,d bytes%s", type, run.getFirst().offset(),
                    run.size() > 1 ? ", " + count(run.size()) + " of them" : "", run.stream().mapToLong(Section::length).sum(),
                    data + zero > 0 ? ", " + count(data) + " pages with data, " + count(zero) + " of zeros" : ""));
        }
        return lines;
    }

    private static Table report(CheckpointReport r) {
        CheckpointRequest q = r.request();
        Table table = Table.ofProperties().row("image", new Cell(q.image().toString(), Style.BOLD))
                .row("parts", "protocol " + q.protocol() + ", tracker " + q.tracker() + ", copier " + q.copier() + ", layout " + q.layout()
                + ", stop " + q.stop())
                .row("latency", time(r.latency()))
                .row("downtime", time(r.downtimeTotal()) + " in " + r.pauses().size() + " pauses, the longest "
                + time(r.downtimeLongest()))
                .row("guest progress", percent(r.progressPercent()) + " of " + digits(r.undisturbedMips()) + " MIPS")
                .row("guest rate", conditions(r.conditions()))
                .row("host", r.conditions().others())
                .row("pages copied", count(r.pagesCopied()) + " in " + r.rounds() + (r.rounds() == 1 ? " round" : " rounds"))
                .row("copying ended by", r.copyingEndedBy())
                .row("image size", bytes(r.imageBytes()))
                .row("CPU time", "hart's thread " + time(r.hartThreadTime()) + ", checkpoint's threads " + time(r.checkpointThreadTime()))
                .row("handshake", time(r.handshakeLongest()) + " at most");
        if (r.stalls().count() > 0) {
            table.row("stalls", count(r.stalls().count()) + " at protected pages, " + time(r.stalls().total()) + ", the longest " + time(r.stalls().longest()));
        }
        if (r.sideMemoryPeak() > 0) {
            table.row("side memory", bytes(r.sideMemoryPeak()) + " at most");
        }
        r.conditions().doubts().forEach(doubt -> table.row("doubt", new Cell(doubt, Style.YELLOW)));
        if (q.oracle()) {
            table.row("oracle", time(r.oracleTime()) + ", in no other figure");
        }
        r.roundList().forEach(round -> table.row("round " + round.number(), count(round.pages()) + " pages, " + bytes(round.bytes())
                + " in " + time(round.length()) + (round.paused() ? ", guest paused" : ", then " + count(round.dirtyAfter()) + " dirty")));
        return table;
    }

    private static String conditions(Conditions c) {
        return digits(c.mipsBefore()) + " MIPS before, " + digits(c.mipsDuring()) + " during, " + digits(c.mipsAfter()) + " after; harts had "
                + digits(c.hartCpusBeside()) + " CPUs, " + digits(c.hartCpusDuring()) + " during";
    }

    private static Table verdict(Verdict v) {
        return Table.ofProperties().row("image", v.image()).row("verdict", v.equal() ? new Cell("equal", Style.GREEN)
                : new Cell("DIFFERENT", Style.RED))
                .row("pages", count(v.pagesCompared()) + " compared, " + count(v.pagesDiffering()) + " differ")
                .row("states", v.differingStates().isEmpty() ? "all equal" : String.join("; ", v.differingStates()));
    }

    private static Object[] restoreRow(RestoreReport r) {
        return new Object[] {new Cell(r.machine().name(), Style.BOLD), time(Duration.ofNanos(r.restoreNanos())),
                r.firstInstructionNanos() == 0 ? "" : time(Duration.ofNanos(r.firstInstructionNanos())), count(r.pages())};
    }

    private static Table restore(RestoreReport r) {
        Table table = Table.ofProperties().row("machine", new Cell(r.machine().name(), Style.BOLD)).row("image", r.image())
                .row("restored in", time(Duration.ofNanos(r.restoreNanos()))).row("pages", count(r.pages()));
        if (r.firstInstructionNanos() > 0) {
            table.row("first instruction", time(Duration.ofNanos(r.firstInstructionNanos())) + " after the request");
        }
        r.notices().forEach(notice -> table.row("notice", new Cell(notice, Style.YELLOW)));
        return table;
    }
}
