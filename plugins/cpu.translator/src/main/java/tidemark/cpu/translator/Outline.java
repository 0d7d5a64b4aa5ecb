package tidemark.cpu.translator;

import java.util.List;

/** A region that was found, not yet translated. Immutable from then on. */
record Outline(long pc, Flow flow, List<PageOfCode> pages) {}
