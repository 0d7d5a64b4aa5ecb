package tidemark.cpu.translator;

import java.util.HashMap;
import java.util.Map;
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
    private static final int MOST = 240;
    private static final int MANY_MISSES = 4096;

    private final Settings settings;
    private final CodeStore store;
    private final Frame frame;
    /** How often execution went on at an address after a miss. */
    private final Map<Long, Integer> misses = new HashMap<>();
    private int cardShift;

    Translator(EngineContext context, Settings settings) {
        super(context);
        this.settings = settings;
        frame = new Frame(hart.x, hart.f, context.memory().hostAddress());
        store = new CodeStore(codes, settings.codeBytes());
    }

    @Override
    protected void execute(Regime now) {
        cardShift = path.cardShift();
        Region region = at(hart.pc);
        if (region == null) {
            interpret(now, settings.patience());
            return;
        }
        if (!enterable(region)) {
            interpret(now, 0);
            return;
        }
        frame.enter(now, path);
        do {
            int exit = run(region);
            if (left == 0 || hart.attention()) {
                return;
            }
            if (exit != Code.JUMP) {
                step(now);
                return;
            }
            region = at(hart.pc);
        } while (region != null && enterable(region));
    }

    private boolean enterable(Region region) {
        return left >= region.longest && (region.unit == FloatingUnit.CARE || region.unit <= FloatingUnit.of(hart));
    }

    private int run(Region region) {
        int most = Math.max(Math.min(left, POLL), region.longest);
        frame.left = most;
        int exit = region.code.run(frame);
        left -= most - frame.left;
        hart.pc = frame.pc;
        return exit;
    }

    /** The region at an address, or null: then it may come to be hot there. */
    private Region at(long pc) {
        Region region = store.recent(pc, hart.privilege, cardShift);
        return region != null ? region : find(pc);
    }

    private Region find(long pc) {
        CodePage page = codes.page(pc);
        Region region = store.find(pc, false, hart.privilege, cardShift);
        Profile profile = page.profile(settings.patience());
        int slot = CodePage.slot(pc);
        if (region != null) {
            profile.leaveAfter(slot, 0);
        } else if (settings.eager() || profile.visit(slot)) {
            region = translate(pc, false);
            profile.leaveAfter(slot, region == null ? Integer.MAX_VALUE : 0);
        }
        return region;
    }

    private Region translate(long pc, boolean plain) {
        for (int most = MOST; most > 0; most /= 2) {
            Outline outline = Discovery.from(pc, codes, settings.patience(), most);
            if (outline == null) {
                return null;
            }
            Region region = Workshop.make(new Order(outline, plain, cardShift));
            if (region != null) {
                store.add(region);
                return store.find(pc, plain, hart.privilege, cardShift);
            }
        }
        return null;
    }

    @Override
    public void flushAll() {
        super.flushAll();
        store.clear();
    }
}
