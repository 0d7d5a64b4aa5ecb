package tidemark.memory.flat;

import java.util.ArrayList;
import java.util.List;
import tidemark.api.memory.PageSet;

/**
 * Pages as runs, few enough to be a mapping each: the kernel has a limit for all mappings of a process (vm.max_map_count, 65,530 by default), and
 * each costs it a microsecond. Where there are too many, runs with the smallest gaps become one.
 *
 * @param gaps pages in runs that are not of the set
 */
record MappedRuns(List<Run> runs, List<Run> gaps) {
    private static final int MOST = 2048;

    record Run(long first, long count) {
        long end() {
            return first + count;
        }
    }

    static MappedRuns of(PageSet pages) {
        List<Run> exact = exact(pages);
        List<Run> runs = exact;
        for (long gap = 1; runs.size() > MOST; gap *= 2) {
            runs = joined(exact, gap);
        }
        return new MappedRuns(runs, between(exact, runs));
    }

    private static List<Run> exact(PageSet pages) {
        List<Run> runs = new ArrayList<>();
        for (long first = pages.next(0); first >= 0;) {
            long end = pages.nextAbsent(first);
            runs.add(new Run(first, end - first));
            first = pages.next(end);
        }
        return runs;
    }

    /** Runs with at most {@code gap} pages between them become one. */
    private static List<Run> joined(List<Run> exact, long gap) {
        List<Run> runs = new ArrayList<>();
        Run last = exact.getFirst();
        for (Run run : exact.subList(1, exact.size())) {
            if (run.first() - last.end() <= gap) {
                last = new Run(last.first(), run.end() - last.first());
            } else {
                runs.add(last);
                last = run;
            }
        }
        runs.add(last);
        return runs;
    }

    private static List<Run> between(List<Run> exact, List<Run> runs) {
        List<Run> gaps = new ArrayList<>();
        int at = 0;
        for (Run run : runs) {
            for (long end = exact.get(at++).end(); end < run.end(); end = exact.get(at++).end()) {
                gaps.add(new Run(end, exact.get(at).first() - end));
            }
        }
        return gaps;
    }
}
