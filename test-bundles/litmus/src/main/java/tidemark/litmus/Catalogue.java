package tidemark.litmus;

import static tidemark.litmus.Body.AQ;
import static tidemark.litmus.Body.AQRL;
import static tidemark.litmus.Body.R;
import static tidemark.litmus.Body.RL;
import static tidemark.litmus.Body.RW;
import static tidemark.litmus.Body.W;
import static tidemark.litmus.LitmusTest.named;
import static tidemark.litmus.Variable.X;
import static tidemark.litmus.Variable.Y;
import static tidemark.testkit.Op.AMOSWAP_W;
import static tidemark.testkit.Op.LBU;
import static tidemark.testkit.Op.LD;
import static tidemark.testkit.Op.SD;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The litmus tests. Each is here in forms whose outcome the model forbids, and SB in the one that it allows and hosts show. */
final class Catalogue {
    private Catalogue() {}

    static List<LitmusTest> all() {
        List<LitmusTest> all = new ArrayList<>();
        all.add(storeBuffering());
        all.addAll(storeBufferingForbidden());
        all.addAll(messagePassing());
        all.addAll(loadBuffering());
        all.addAll(coherence());
        all.addAll(writes());
        all.addAll(threeAndFour());
        return all;
    }

    private static Body body() {
        return new Body();
    }

    // SB: each hart stores to its variable, then loads the other's

    /** Without fences: relaxed outcomes are allowed. */
    static LitmusTest storeBuffering() {
        return storeBuffering("SB", body -> body).mayBe(0, 0);
    }

    /** @param between what stands between store and load */
    private static LitmusTest storeBuffering(String name, UnaryOperator<Body> between) {
        return storeBuffering(name, (variable, body) -> between.apply(body.store(variable, 1)), (variable, body) -> body.load(0, variable));
    }

    private interface Access {
        Body on(Variable variable, Body body);
    }

    private static LitmusTest storeBuffering(String name, Access store, Access load) {
        return named(name).hart(load.on(Y, store.on(X, body()))).hart(load.on(X, store.on(Y, body()))).see(0, 0).see(1, 0);
    }

    private static List<LitmusTest> storeBufferingForbidden() {
        Access store = (variable, body) -> body.store(variable, 1);
        Access load = (variable, body) -> body.load(0, variable);
        return never(List.of(
                storeBuffering("SB+fence.rw.rws", body -> body.fence(RW, RW)),
                storeBuffering("SB+fence.w.rs", body -> body.fence(W, R)),
                storeBuffering("SB+amoswap.aqs", (variable, body) -> body.amo(AMOSWAP_W, variable, 1, AQ), load),
                storeBuffering("SB+amoswap.aqrls", (variable, body) -> body.amo(AMOSWAP_W, variable, 1, AQRL), load),
                storeBuffering("SB+amoor.rls", store, (variable, body) -> body.amoLoad(0, variable, RL)),
                storeBuffering("SB+amoor.aqrls", store, (variable, body) -> body.amoLoad(0, variable, AQRL)),
                storeBuffering("SB+lr.aqrls", store, (variable, body) -> body.loadReserved(0, variable, AQRL)),
                storeBuffering("SB+sc.rl+lr.aqs", (variable, body) -> body.storeConditional(variable, 1, RL), (variable, body) -> body.loadReserved(0, variable, AQ)),
                storeBuffering("SB+amoswap.rl+amoor.aqs", (variable, body) -> body.amo(AMOSWAP_W, variable, 1, RL), (variable, body) -> body.amoLoad(0, variable, AQ))),
                0, 0);
    }

    // MP: one hart stores data, then a flag; the other loads the flag, then the data

    private static LitmusTest messagePassing(String name, UnaryOperator<Body> flag, UnaryOperator<Body> data) {
        return named(name).hart(flag.apply(body().store(X, 1))).hart(data.apply(body())).see(1, 0).see(1, 1);
    }

    private static List<LitmusTest> messagePassing() {
        UnaryOperator<Body> fenced = body -> body.fence(W, W).store(Y, 1);
        return never(List.of(
                messagePassing("MP+fence.w.w+fence.r.r", fenced, body -> body.load(0, Y).fence(R, R).load(1, X)),
                messagePassing("MP+fence.rw.rws", body -> body.fence(RW, RW).store(Y, 1), body -> body.load(0, Y).fence(RW, RW).load(1, X)),
                messagePassing("MP+fence.tsos", body -> body.fenceTso().store(Y, 1), body -> body.load(0, Y).fenceTso().load(1, X)),
                messagePassing("MP+fence.w.w+addr", fenced, body -> body.load(0, Y).loadAfterAddress(1, X, 0)),
                messagePassing("MP+amoswap.rl+lr.aq", body -> body.amo(AMOSWAP_W, Y, 1, RL), body -> body.loadReserved(0, Y, AQ).load(1, X)),
                messagePassing("MP+amoswap.rl+amoor.aq", body -> body.amo(AMOSWAP_W, Y, 1, RL), body -> body.amoLoad(0, Y, AQ).load(1, X)),
                messagePassing("MP+sc.rl+lr.aq", body -> body.storeConditional(Y, 1, RL), body -> body.loadReserved(0, Y, AQ).load(1, X))), 1, 0);
    }

    // LB: each hart loads a variable, then stores to the other's

    private static LitmusTest loadBuffering(String name, Access store) {
        return named(name).hart(store.on(Y, body().load(0, X))).hart(store.on(X, body().load(0, Y))).see(0, 0).see(1, 0);
    }

    private static List<LitmusTest> loadBuffering() {
        return never(List.of(
                loadBuffering("LB+fence.rw.rws", (variable, body) -> body.fence(RW, RW).store(variable, 1)),
                loadBuffering("LB+fence.r.ws", (variable, body) -> body.fence(R, W).store(variable, 1)),
                loadBuffering("LB+datas", (variable, body) -> body.storeAfterData(variable, 1, 0)),
                loadBuffering("LB+ctrls", (variable, body) -> body.storeAfterControl(variable, 1, 0)),
                loadBuffering("LB+amoswap.rls", (variable, body) -> body.amo(AMOSWAP_W, variable, 1, RL))), 1, 1);
    }

    // One variable: all harts agree on the order of its values

    private static List<LitmusTest> coherence() {
        LitmusTest twoOfEach = named("CoRR2").hart(body().store(X, 1)).hart(body().store(X, 2)).hart(body().load(0, X).load(1, X)).hart(body().load(0, X).load(1, X))
                .see(2, 0).see(2, 1).see(3, 0).see(3, 1).never(1, 2, 2, 1).never(2, 1, 1, 2);
        return List.of(
                named("CoRR").hart(body().store(X, 1)).hart(body().load(0, X).load(1, X)).see(1, 0).see(1, 1).never(1, 0),
                named("CoRR+alias").hart(body().store(X, 1)).hart(body().load(0, X).loadByAlias(1, X)).see(1, 0).see(1, 1).never(1, 0),
                named("CoRR+lw+ld").hart(body().wide(SD, 1, X)).hart(body().load(0, X).load(LD, 1, X)).see(1, 0).see(1, 1).never(1, 0),
                named("CoRR+ld+lw").hart(body().wide(SD, 1, X)).hart(body().load(LD, 0, X).load(1, X)).see(1, 0).see(1, 1).never(1, 0),
                named("CoRR+lbu+lw").hart(body().store(X, 1)).hart(body().load(LBU, 0, X).load(1, X)).see(1, 0).see(1, 1).never(1, 0),
                named("CoRR+lrs").hart(body().store(X, 1)).hart(body().loadReserved(0, X, 0).loadReserved(1, X, 0)).see(1, 0).see(1, 1).never(1, 0),
                twoOfEach,
                named("CoWW").hart(body().store(X, 1).store(X, 2)).hart(body().load(0, X).load(1, X)).see(1, 0).see(1, 1).see(X)
                        .never(2, 1, 1).never(2, 1, 2).never(0, 0, 1).never(1, 2, 1).never(1, 1, 1).never(2, 2, 1).never(2, 0, 2).never(1, 0, 2),
                named("CoRW").hart(body().store(X, 2)).hart(body().load(0, X).store(X, 1)).see(1, 0).see(X).never(1, 1).never(1, 2).never(2, 2),
                named("CoWR").hart(body().store(X, 2)).hart(body().store(X, 1).load(0, X)).see(1, 0).see(X).never(0, 1).never(0, 2).never(2, 1),
                named("ld of sd").hart(body().wide(SD, 1, X).wide(SD, 2, X)).hart(body().wide(LD, 0, X).wide(LD, 1, X)).see(1, 0).see(1, 1)
                        .never(3, 0).never(3, 1).never(3, 2).never(3, 3).never(0, 3).never(1, 3).never(2, 3).never(2, 1).never(2, 0).never(1, 0));
    }

    // Orders of stores, seen in what is left

    private static List<LitmusTest> writes() {
        return List.of(
                named("2+2W+fence.w.ws").hart(body().store(X, 1).fence(W, W).store(Y, 2)).hart(body().store(Y, 1).fence(W, W).store(X, 2)).see(X).see(Y).never(1, 1),
                named("2+2W+amoswap.rls").hart(body().store(X, 1).amo(AMOSWAP_W, Y, 2, RL)).hart(body().store(Y, 1).amo(AMOSWAP_W, X, 2, RL)).see(X).see(Y)
                        .never(1, 1),
                named("R+fence.rw.rws").hart(body().store(X, 1).fence(RW, RW).store(Y, 1)).hart(body().store(Y, 2).fence(RW, RW).load(0, X)).see(Y).see(1, 0)
                        .never(2, 0),
                named("S+fence.w.w+data").hart(body().store(X, 2).fence(W, W).store(Y, 1)).hart(body().load(0, Y).storeAfterData(X, 1, 0)).see(1, 0).see(X)
                        .never(1, 2));
    }

    // Three and four harts: a store is seen by all others at once

    private static List<LitmusTest> threeAndFour() {
        return List.of(
                named("WRC+data+addr").hart(body().store(X, 1)).hart(body().load(0, X).storeAfterData(Y, 1, 0)).hart(body().load(0, Y).loadAfterAddress(1, X, 0))
                        .see(1, 0).see(2, 0).see(2, 1).never(1, 1, 0),
                named("WRC+fence.rw.rws").hart(body().store(X, 1)).hart(body().load(0, X).fence(RW, RW).store(Y, 1))
                        .hart(body().load(0, Y).fence(RW, RW).load(1, X)).see(1, 0).see(2, 0).see(2, 1).never(1, 1, 0),
                named("IRIW+fence.r.rs").hart(body().store(X, 1)).hart(body().store(Y, 1)).hart(body().load(0, X).fence(R, R).load(1, Y))
                        .hart(body().load(0, Y).fence(R, R).load(1, X)).see(2, 0).see(2, 1).see(3, 0).see(3, 1).never(1, 0, 1, 0),
                named("IRIW+addrs").hart(body().store(X, 1)).hart(body().store(Y, 1)).hart(body().load(0, X).loadAfterAddress(1, Y, 0))
                        .hart(body().load(0, Y).loadAfterAddress(1, X, 0)).see(2, 0).see(2, 1).see(3, 0).see(3, 1).never(1, 0, 1, 0));
    }

    private static List<LitmusTest> never(List<LitmusTest> tests, Integer... outcome) {
        return tests.stream().map(test -> test.never(outcome)).toList();
    }
}
