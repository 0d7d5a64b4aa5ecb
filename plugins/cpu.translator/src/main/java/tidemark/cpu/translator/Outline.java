package tidemark.cpu.translator;

import java.util.List;
import java.util.Set;

/**
 * A region that was found, not yet translated. Immutable from then on.
 *
 * @param behind entries of the regions that it continues, at which it ends
 */
record Outline(long pc, Flow flow, List<PageOfCode> pages, Set<Long> behind) {}
