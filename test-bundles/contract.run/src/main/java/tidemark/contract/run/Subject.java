package tidemark.contract.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tidemark.api.machine.Parts;
import tidemark.contract.protocol.Platform;

/** The part that is judged, and the platform that it is deployed in. In use until closed. Any thread. */
final class Subject implements AutoCloseable {
    private static final ScopedValue<Subject> JUDGED = ScopedValue.newInstance();
    /** After so many promises at which the part does not come to an end, the rest would only take time. */
    private static final int MOST_STUCK = 2;

    private final Kind kind;
    private final String name;
    private final String options;
    private final Duration limit;
    private final Platform platform;
    private final List<Parts.Use<?>> uses = new CopyOnWriteArrayList<>();
    private final Parts.Use<?> use;
    private final Thread judge = Thread.currentThread();
    private volatile String over;
    private int stuck;

    /**
     * @param options of a device, as in a machine's specification: {@code ,time=stopped}
     * @param limit within which each case of a promise must come to an end
     */
    Subject(Kind kind, String name, String options, Duration limit, Platform platform) {
        this.kind = kind;
        this.name = name;
        this.options = options;
        this.limit = limit;
        this.platform = platform;
        use = use(kind.type(), kind.toString(), name, () -> end("the part was stopped, updated or uninstalled"));
    }

    /** In a test instance's constructor. */
    static Subject current() {
        return JUDGED.get();
    }

    /** Runs the suites, for whose instances this is {@link #current}. */
    void during(Runnable suites) {
        ScopedValue.where(JUDGED, this).run(suites);
    }

    Kind kind() {
        return kind;
    }

    List<Class<?>> suites() {
        return kind == Kind.DISK ? List.of(JudgedDisk.suite(this)) : kind.suites();
    }

    /** With its options. */
    String name() {
        return name + options;
    }

    String options() {
        return options;
    }

    Object part() {
        return use.part();
    }

    Parts.PartInfo info() {
        return use.info();
    }

    Duration limit() {
        return limit;
    }

    Platform platform() {
        return platform;
    }

    /** Another part of the platform. */
    <T> T other(Class<T> type, String ofKind, String called) {
        return use(type, ofKind, called, () -> {}).part();
    }

    private <T> Parts.Use<T> use(Class<T> type, String ofKind, String called, Runnable gone) {
        Parts.Use<T> taken = platform.parts().use(type, ofKind, called, gone);
        uses.add(taken);
        return taken;
    }

    /** What is under way ends, nothing more is begun. */
    void end(String reason) {
        over = reason;
        judge.interrupt();
    }

    void stuck() {
        if (++stuck == MOST_STUCK) {
            over = "it did not come to an end " + MOST_STUCK + " times";
        }
    }

    /** Why nothing more is begun; null if something is. */
    String over() {
        return over;
    }

    /** Whether it is code of the part's package, or of one below it. */
    boolean owns(StackTraceElement frame) {
        return frame.getClassName().startsWith(part().getClass().getPackageName() + ".");
    }

    @Override
    public void close() {
        uses.forEach(Parts.Use::close);
    }
}
