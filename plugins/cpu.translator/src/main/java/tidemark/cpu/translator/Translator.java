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
    /** Visits after which to ask again for what was not ready, or could not be entered. */
    private static final int LATER = 5000;
    private static final int NEVER = Integer.MAX_VALUE;
    /** After so many jumps that went astray a region is made anew. */
    private static final int MANY_ASTRAY = 200;
    /** A region is made for going on behind a miss if so many come within so many instructions. */
    private static final int MANY_MISSES = 200;
    private static final int MISSES_WITHIN = 4_000_000;

    private final Settings settings;
    private final Workshop workshop;
    private final Customer customer = new Customer();
    private final CodeStore store;
    private final Frame frame;
    /** What was ordered and has not come yet, and what cannot be had; by {@link CodeStore#key}. */
    private final Map<Long, Outline> ordered = new HashMap<>();
    private final Set<Long> impossible = new HashSet<>();
    /** How often execution went on at an address after a miss, since {@code hart.instret} was {@link #missesSince}. */
    private final Map<Long, Integer> misses = new HashMap<>();
    private long missesSince;
    /** Where execution went on after the last miss, and what was left by it. */
    private long missed = -1;
    private Region missedIn;
    private int cardShift;
    // See look()
    private Region[] recent;
    private long stamp;
    private int unit;

    Translator(EngineContext context, Settings settings, Workshop workshop) {
        super(context);
        this.settings = settings;
        this.workshop = workshop;
        frame = Frame.of(hart, context.memory().hostAddress());
        store = new CodeStore(codes, settings.codeBytes());
    }

    @Override
    protected void execute(Regime now) {
        if (cardShift != path.cardShift()) {
            cardShift = path.cardShift();
            store.forgetRecent();
        }
        frame.enter(now, path);
        receive();
        look();
        Region region = hart.pc == missed ? afterMiss() : at(hart.pc, null);
        if (region == null) {
            interpret(now, settings.patience());
        } else if (!enterable(region)) {
            interpret(now, 0);
        } else {
            execute(region, now);
        }
    }

    /** Looks at what decides which regions may be entered; it stays as it is until an instruction is interpreted. */
    private void look() {
        recent = store.recent(hart.privilege);
        stamp = store.stamp(hart.privilege);
        unit = FloatingUnit.of(hart);
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
                missedIn = region;
                return;
            }
            region = at(hart.pc, region);
        } while (region != null && enterable(region));
    }

    private boolean enterable(Region region) {
        return left >= region.longest && region.unit <= unit;
    }

    private int run(Region region) {
        int most = Math.min(left, region.enter());
        frame.left = most;
        int exit = region.code.run(frame);
        left -= most - frame.left;
        translated += most - frame.left;
        hart.pc = frame.pc;
        return exit;
    }

    /**
     * The region at an address, or null.
     *
     * @param from the region that was left for it; null if it was not one
     */
    private Region at(long pc, Region from) {
        Region region = recent[CodeStore.index(pc)];
        if (region == null || region.pc != pc || region.stamp != stamp) {
            return find(pc, from);
        }
        region.used = store.time();
        return region;
    }

    private Region find(long pc, Region from) {
        CodePage page = codes.page(pc);
        look();
        Region region = store.find(pc, false, hart.privilege, cardShift);
        Profile profile = page.profile(settings.patience());
        int slot = CodePage.slot(pc);
        if (region != null) {
            profile.leaveAfter(slot, 0);
        } else if (settings.eager()) {
            region = translateNow(pc, from, false);
        } else if (isHead(from) ? profile.visit(slot) : profile.isHot(slot)) {
            profile.leaveAfter(slot, order(pc, from, false) ? LATER : NEVER);
        }
        return region;
    }

    /** Whether where a region was left for is come by again and again, as far as is known, and may come to be hot. Behind a miss it is not. */
    private static boolean isHead(Region from) {
        return from != null && !from.plain;
    }

    /** The region for going on behind a miss, which may repeat itself: so there accesses are not checked together. */
    private Region afterMiss() {
        missed = -1;
        codes.page(hart.pc);
        look();
        Region region = store.find(hart.pc, true, hart.privilege, cardShift);
        if (region == null && settings.eager()) {
            region = translateNow(hart.pc, missedIn, true);
        } else if (region == null && misses.merge(hart.pc, 1, Integer::sum) == MANY_MISSES) {
            order(hart.pc, missedIn, true);
        }
        if (hart.instret - missesSince > MISSES_WITHIN) {
            misses.clear();
            missesSince = hart.instret;
        }
        return region != null ? region : at(hart.pc, null);
    }

    private void astray(Region region) {
        CodePage page = codes.cached(frame.from);
        if (page != null) {
            page.profile(settings.patience()).jump(CodePage.slot(frame.from), hart.pc);
        }
        if (++region.astray >= region.astrayLimit) {
            remake(region);
        }
    }

    // ---- Translating

    /** Orders a region anew, now that it is known better where its jumps lead; each time later, since some lead everywhere. */
    private void remake(Region region) {
        region.astray = 0;
        region.astrayLimit *= 8;
        if (!settings.eager()) {
            order(region.pc, region.behind, region.plain, region.astrayLimit);
        }
    }

    /**
     * Orders the region at an address, unless it is on its way, be it as a part of another.
     *
     * @param from the region that it continues; null for none
     * @return false if there is nothing that can be translated
     */
    private boolean order(long pc, Region from, boolean plain) {
        return !plain && isOnItsWay(pc) || order(pc, behind(from, pc), plain, MANY_ASTRAY);
    }

    private boolean isOnItsWay(long pc) {
        return ordered.values().stream().anyMatch(outline -> outline.flow().at(new Place(pc, null)) != null);
    }

    private static Set<Long> behind(Region from, long pc) {
        Set<Long> behind = from == null ? new HashSet<>() : from.behindNext();
        behind.remove(pc);
        return behind;
    }

    private boolean order(long pc, Set<Long> behind, boolean plain, int astrayLimit) {
        long key = CodeStore.key(pc, plain);
        if (ordered.containsKey(key) || impossible.contains(key)) {
            return true;
        }
        Outline outline = discover(pc, behind);
        if (outline == null) {
            return false;
        }
        if (workshop.order(new Order(outline, plain, cardShift, astrayLimit, frame.harmless(workshop.scratch()), customer))) {
            ordered.put(key, outline);
        }
        return true;
    }

    private Region translateNow(long pc, Region from, boolean plain) {
        Outline outline = discover(pc, behind(from, pc));
        if (outline == null) {
            return null;
        }
        store.add(Workshop.make(new Order(outline, plain, cardShift, MANY_ASTRAY, null, customer)));
        return store.find(pc, plain, hart.privilege, cardShift);
    }

    private Outline discover(long pc, Set<Long> behind) {
        return Discovery.from(pc, codes, settings.patience(), settings.instructions(), behind);
    }

    private void receive() {
        for (Customer.Delivery delivery = customer.next(); delivery != null; delivery = customer.next()) {
            long pc = delivery.order().outline().pc();
            long key = CodeStore.key(pc, delivery.order().plain());
            ordered.remove(key);
            Region region = delivery.region();
            if (region == null) {
                impossible.add(key);
            } else if (region.isCurrent()) {
                store.add(region);
                region.pages.getFirst().page().profile(settings.patience()).leaveAfter(CodePage.slot(pc), 0);
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
        impossible.clear();
    }

    @Override
    public void close() {
        customer.leave();
        super.close();
    }
}
