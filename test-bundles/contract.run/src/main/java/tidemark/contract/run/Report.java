package tidemark.contract.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Units;

/** The verdicts as lines, and in the end what they amount to. */
final class Report {
    private static final int FINDINGS_SHOWN = 3;
    private final Screen screen;
    private ProgressLine progress;
    private final long began = System.nanoTime();
    private int promises;
    private int cases;
    private int broken;
    private int untried;
    private int undecided;

    Report(Screen screen) {
        this.screen = screen;
    }

    void begin(Subject subject) {
        PartInfo info = subject.info();
        screen.out().println(info.kind() + " " + screen.paint(Style.BOLD, subject.name()) + " of bundle " + info.bundle() + " " + info.version());
    }

    void trying(String what) {
        progress = new ProgressLine(screen, "");
        progress.show(what);
    }

    void show(Subject subject, Verdict verdict) {
        if (progress != null) {
            progress.close();
        }
        promises++;
        cases += verdict.cases();
        if (!verdict.isKept() && verdict.broken().isEmpty()) {
            untried++;
            return;
        }
        String mark = verdict.isKept() ? screen.paint(Style.GREEN, "PASS") : verdict.isUndecided() ? screen.paint(Style.YELLOW, "OPEN")
                : screen.paint(Style.RED, "FAIL");
        String number = verdict.cases() > 1 ? " (" + verdict.cases() + " cases)" : "";
        screen.out().printf(Locale.ROOT, "%s %8s  %s%s%n", mark, Units.time(verdict.time()), verdict.promise(), number);
        if (verdict.isUndecided()) {
            undecided++;
            line("not decided", String.format(Locale.ROOT, "time ran out while other processes kept %.0f %% of the host's CPUs busy",
                    100 * verdict.others()));
        } else if (!verdict.broken().isEmpty()) {
            broken++;
        }
        explain(subject, verdict);
        screen.out().flush();
    }

    /** Cases in which the same went wrong are shown once. */
    private void explain(Subject subject, Verdict verdict) {
        Map<String, List<Verdict.Broken>> alike = new LinkedHashMap<>();
        verdict.broken().forEach(one -> alike.computeIfAbsent(new Finding(subject, one.failure()).kind(), kind -> new ArrayList<>()).add(one));
        alike.values().stream().limit(FINDINGS_SHOWN).forEach(same -> {
            if (!same.getFirst().name().isEmpty()) {
                line("case", same.getFirst().name() + (same.size() > 1 ? "; alike in " + (same.size() - 1) + " more" : ""));
            }
            new Finding(subject, same.getFirst().failure()).lines().forEach(this::line);
        });
        if (alike.size() > FINDINGS_SHOWN) {
            line("and", alike.values().stream().skip(FINDINGS_SHOWN).mapToInt(List::size).sum() + " cases more");
        }
        if (verdict.broken().stream().anyMatch(one -> one.failure() instanceof AssertionError)) { // an exception says itself what was wrong
            verdict.hint().ifPresent(hint -> line("look", hint));
        }
    }

    private void line(String heading, String text) {
        screen.out().printf(Locale.ROOT, "               %-13s %s%n", heading + ":", text);
    }

    /** @throws CommandError unless every promise was kept */
    void end(Subject subject) throws CommandError {
        if (promises == 0) {
            throw new CommandError("A " + subject.kind() + " promises nothing with these words; contract:list " + subject.kind() + " shows what");
        }
        String all = number(promises, "promise") + " (" + number(cases, "case") + ", " + Units.time(Duration.ofNanos(System.nanoTime() - began)) + ")";
        String open = undecided == 0 ? "" : undecided + (undecided == 1 ? " is" : " are") + " not decided: the host was busy; try again when it is quiet";
        String rest = untried == 0 ? "" : "; " + untried + " were not tried: " + subject.over();
        if (broken > 0 || untried > 0 && undecided == 0) {
            throw new CommandError(subject.name() + " breaks " + broken + " of " + all + (open.isEmpty() ? "" : "; " + open) + rest);
        }
        if (undecided > 0) {
            throw new CommandError(subject.name() + ": of " + all + " " + open + rest);
        }
        screen.out().println(subject.name() + " keeps " + all);
    }

    private static String number(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
