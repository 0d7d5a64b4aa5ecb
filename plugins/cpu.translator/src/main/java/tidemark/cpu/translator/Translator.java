package tidemark.cpu.translator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tidemark.api.cpu.EngineContext;
import tidemark.interpreter.CodePage;
import tidemark.interpreter.FloatingUnit;
import tidemark.interpreter.Interpreter;
import tidemark.interpreter.Profile;
import tidemark.interpreter.Regime;

/** One hart's engine: runs regions where there are some, and has the interpreter do the rest and find what is hot. */
final class Translator extends Interpreter {
    /** A region is left after at most so many instructions, so that attention is polled. */
    private static final int POLL = 16_000;
    /** While HotSpot counts, regions are left early: it is to compile them as they are entered, not their loops for themselves. */
    private static final int YOUNG_ITERATIONS = 24;
    /** So it is, soon, where accesses are not checked together. */
    private static final int PLAIN = 256;
    /** Visits after which to ask again for what was not ready, or could not be entered. */
    private static final int LATER = 5000;
    private static final int NEVER = Integer.MAX_VALUE;
    /** After so many jumps that went astray a region is made anew. */
    private static final int MANY_ASTRAY = 200;
    private static final int MANY_MISSES = 200;
    private static final int MAX_MISSES = 10_000;

    private final Settings settings;
    private final Workshop workshop;
    private final Customer customer = new Customer();
    private final CodeStore store;
    private final Frame frame;
    /** What was ordered and has not come yet, see {@link CodeStore#key}. */
    private final Set<Long> ordered = new HashSet<>();
    /** How often execution went on at an address after a miss. */
    private final Map<Long, Integer> misses = new HashMap<>();
    /** Where execution went on after the last miss. */
    private long missed = -1;
    private int cardShift;

    Translator(EngineContext context, Settings settings, Workshop workshop) {
        super(context);
        this.settings = settings;
        this.workshop = workshop;
        frame = Frame.of(hart, context.memory().hostAddress());
        store = new CodeStore(codes, settings.codeBytes());
    }

    @Override
    protected void execute(Regime now) {
        cardShift = path.cardShift();
        frame.enter(now, path);
        receive();
        Region region = hart.pc == missed ? afterMiss() : at(hart.pc, false);
        if (region == null) {
            interpret(now, settings.patience());
        } else if (!enterable(region)) {
            interpret(now, 0);
        } else {
            execute(region, now);
        }
    }

    private void execute(Region first, Regime now) {
        Region region = first;
        do {
            int exit = run(region);
            if (exit == Code.ASTRAY) {
                astray(region);
            }
            if (left == 0 || hart.attention()) {
                return;
            }
            if (exit != Code.JUMP && exit != Code.ASTRAY) {
                step(now);
                missed = exit == Code.MISS ? hart.pc : -1;
                return;
            }
            region = at(hart.pc, true);
        } while (region != null && enterable(region));
    }

    private boolean enterable(Region region) {
        return left >= region.longest && (region.unit == FloatingUnit.CARE || region.unit <= FloatingUnit.of(hart));
    }

    private int run(Region region) {
        if (region.astray >= region.astrayLimit) {
            remake(region);
        }
        int most = Math.min(left, Math.max(region.longest, limit(region)));
        frame.left = most;
        int exit = region.code.run(frame);
        left -= most - frame.left;
        hart.pc = frame.pc;
        return exit;
    }

    private static int limit(Region region) {
        if (region.plain) {
            return PLAIN;
        }
        return region.ripens() ? POLL : Math.min(POLL, YOUNG_ITERATIONS * region.longest);
    }

    /**
     * The region at an address, or null.
     *
     * @param head whether execution comes by here again and again, as far as is known: then it may come to be hot
     */
    private Region at(long pc, boolean head) {
        Region region = store.recent(pc, hart.privilege, cardShift);
        return region != null ? region : find(pc, head);
    }

    private Region find(long pc, boolean head) {
        CodePage page = codes.page(pc);
        Region region = store.find(pc, false, hart.privilege, cardShift);
        Profile profile = page.profile(settings.patience());
        int slot = CodePage.slot(pc);
        if (region != null) {
            profile.leaveAfter(slot, 0);
        } else if (settings.eager()) {
            region = translateNow(pc, false);
        } else if (head ? profile.visit(slot) : profile.isHot(slot)) {
            profile.leaveAfter(slot, order(pc, false) ? LATER : NEVER);
        }
        return region;
    }

    /** The region for going on behind a miss, which may repeat itself: so there accesses are not checked together. */
    private Region afterMiss() {
        missed = -1;
        codes.page(hart.pc);
        Region region = store.find(hart.pc, true, hart.privilege, cardShift);
        if (region == null && settings.eager()) {
            region = translateNow(hart.pc, true);
        } else if (region == null && misses.merge(hart.pc, 1, Integer::sum) == MANY_MISSES) {
            order(hart.pc, true);
        }
        if (misses.size() > MAX_MISSES) {
            misses.clear();
        }
        return region != null ? region : at(hart.pc, false);
    }

    private void astray(Region region) {
        CodePage page = codes.cached(frame.from);
        if (page != null) {
            page.profile(settings.patience()).jump(CodePage.slot(frame.from), hart.pc);
        }
        region.astray++;
    }

    // ---- Translating

    /** Orders a region anew, now that it is known better where its jumps lead; each time later, since some lead everywhere. */
    private void remake(Region region) {
        region.astray = 0;
        region.astrayLimit *= 8;
        if (!settings.eager()) {
            order(region.pc, region.plain, region.astrayLimit);
        }
    }

    /** @return false if there is nothing that can be translated */
    private boolean order(long pc, boolean plain) {
        return order(pc, plain, MANY_ASTRAY);
    }

    private boolean order(long pc, boolean plain, int astrayLimit) {
        if (ordered.contains(CodeStore.key(pc, plain))) {
            return true;
        }
        Outline outline = Discovery.from(pc, codes, settings.patience(), settings.instructions());
        if (outline == null) {
            return false;
        }
        boolean taken = workshop.order(new Order(outline, plain, cardShift, astrayLimit, frame.harmless(workshop.scratch()), customer));
        if (taken) {
            ordered.add(CodeStore.key(pc, plain));
        }
        return true;
    }

    private Region translateNow(long pc, boolean plain) {
        Outline outline = Discovery.from(pc, codes, settings.patience(), settings.instructions());
        if (outline == null) {
            return null;
        }
        store.add(Workshop.make(new Order(outline, plain, cardShift, MANY_ASTRAY, null, customer)));
        return store.find(pc, plain, hart.privilege, cardShift);
    }

    private void receive() {
        for (Region region = customer.next(); region != null; region = customer.next()) {
            ordered.remove(CodeStore.key(region.pc, region.plain));
            PageOfCode first = region.pages.getFirst();
            if (region.isCurrent()) {
                store.add(region);
                first.page().profile(settings.patience()).leaveAfter(CodePage.slot(region.pc), 0);
            }
        }
    }

    // ---- Caches

    /** How many bytes of bytecode are kept. */
    long codeBytes() {
        return store.bytes();
    }

    @Override
    public void flushAll() {
        super.flushAll();
        store.clear();
    }

    @Override
    public void close() {
        customer.leave();
        super.close();
    }
}
