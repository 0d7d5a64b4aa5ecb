package tidemark.litmus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A litmus test: what harts do at once, what is looked at afterwards, and what must never be seen (RISC-V unprivileged specification, chapter 18 and appendix
 * A; names as in the litmus tests of the RISC-V memory model).
 *
 * @param observed what an outcome consists of, at most four values of 0 to 3
 * @param forbidden outcomes that the memory model forbids
 * @param relaxed outcomes that it allows, which hosts show whose store buffers are visible
 */
record LitmusTest(String name, List<Body> harts, List<Observed> observed, Predicate<List<Integer>> forbidden, Predicate<List<Integer>> relaxed) {
    /** A result of a hart, or the last value of a variable. */
    sealed interface Observed {
        record Result(int hart, int index) implements Observed {}

        record Final(Variable variable) implements Observed {}
    }

    static LitmusTest named(String name) {
        return new LitmusTest(name, List.of(), List.of(), outcome -> false, outcome -> false);
    }

    LitmusTest hart(Body body) {
        return new LitmusTest(name, with(harts, body), observed, forbidden, relaxed);
    }

    /** Looks at a result of a hart. */
    LitmusTest see(int hart, int result) {
        return new LitmusTest(name, harts, with(observed, new Observed.Result(hart, result)), forbidden, relaxed);
    }

    /** Looks at the last value of a variable. */
    LitmusTest see(Variable variable) {
        return new LitmusTest(name, harts, with(observed, new Observed.Final(variable)), forbidden, relaxed);
    }

    LitmusTest never(Integer... outcome) {
        return new LitmusTest(name, harts, observed, forbidden.or(List.of(outcome)::equals), relaxed);
    }

    LitmusTest mayBe(Integer... outcome) {
        return new LitmusTest(name, harts, observed, forbidden, relaxed.or(List.of(outcome)::equals));
    }

    /** The test for an engine that reorders the accesses of one hart. */
    LitmusTest reversed(int hart) {
        List<Body> changed = new ArrayList<>(harts);
        changed.set(hart, harts.get(hart).reversed());
        return new LitmusTest(name + " with hart " + hart + " reversed", changed, observed, forbidden, relaxed);
    }

    private static <T> List<T> with(List<T> list, T another) {
        List<T> longer = new ArrayList<>(list);
        longer.add(another);
        return List.copyOf(longer);
    }

    @Override
    public String toString() {
        return name;
    }
}
