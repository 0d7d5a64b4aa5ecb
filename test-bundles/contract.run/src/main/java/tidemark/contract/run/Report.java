package tidemark.contract.run;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.ProgressLine;
import tidemark.api.shell.Screen;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Units;

/** The verdicts as lines, and in the end what they amount to. */
final class Report {
    private static final int CASES_SHOWN = 3;
    private final Screen screen;
    private ProgressLine progress;
    private final long began = System.nanoTime();
    private int promises;
    private int cases;
    private int broken;
    private int untried;

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
        untried += verdict.isKept() || !verdict.broken().isEmpty() ? 0 : 1;
        String mark = verdict.isKept() ? screen.paint(Style.GREEN, "PASS") : verdict.broken().isEmpty() ? screen.paint(Style.YELLOW, "----")
                : screen.paint(Style.RED, "FAIL");
        String number = verdict.cases() > 1 ? " (" + verdict.cases() + " cases)" : "";
        screen.out().printf(Locale.ROOT, "%s %8s  %s%s%n", mark, Units.time(verdict.time()), verdict.promise(), number);
        if (!verdict.broken().isEmpty()) {
            broken++;
            explain(subject, verdict);
        }
        screen.out().flush();
    }

    private void explain(Subject subject, Verdict verdict) {
        List<Verdict.Broken> all = verdict.broken();
        for (Verdict.Broken one : all.subList(0, Math.min(CASES_SHOWN, all.size()))) {
            if (!one.name().isEmpty()) {
                line("case", one.name());
            }
            new Finding(subject, one.failure()).lines().forEach(this::line);
        }
        if (all.size() > CASES_SHOWN) {
            line("and", "in " + (all.size() - CASES_SHOWN) + " cases more");
        }
        verdict.hint().ifPresent(hint -> line("look", hint));
    }

    private void line(String heading, String text) {
        screen.out().printf(Locale.ROOT, "               %-13s %s%n", heading + ":", text);
    }

    /** @throws CommandError unless every promise was kept */
    void end(Subject subject) throws CommandError {
        String all = promises + (promises == 1 ? " promise (" : " promises (") + cases + " cases, " + Units.time(Duration.ofNanos(System.nanoTime() - began)) + ")";
        if (broken > 0 || untried > 0) {
            String rest = untried == 0 ? "" : "; " + untried + " were not tried: " + subject.over();
            throw new CommandError(subject.name() + " breaks " + broken + " of " + all + rest);
        }
        screen.out().println(subject.name() + " keeps " + all);
    }
}
