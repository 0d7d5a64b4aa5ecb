package tidemark.fuzz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tidemark.api.device.Clock;
import tidemark.api.device.InterruptController;
import tidemark.testkit.TestMemory;

/** A machine of devices without harts, on one thread: boundaries, time and slow work come when they are told to. */
final class Board implements Clock, AutoCloseable {
    static final int HARTS = 2;

    private final TestMemory ram;
    private final List<Place> places = new ArrayList<>();
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private final List<Runnable> works = new ArrayList<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private InterruptController inputs = (source, level) -> { };
    private long mtime;

    /** Has something done when mtime reaches its deadline. */
    final class Alarm implements tidemark.api.device.Timer {
        private final Runnable expired;
        private boolean armed;
        private long deadline;

        private Alarm(Runnable expired) {
            this.expired = expired;
        }

        @Override
        public void set(long newDeadline) {
            armed = true;
            deadline = newDeadline;
        }

        @Override
        public void cancel() {
            armed = false;
        }

        private void look() {
            if (armed && mtime - deadline >= 0) {
                armed = false;
                expired.run();
            }
        }
    }

    Board(TestMemory ram) {
        this.ram = ram;
    }

    TestMemory ram() {
        return ram;
    }

    List<Place> places() {
        return places;
    }

    void add(Place place) {
        places.add(place);
    }

    Alarm alarm(Runnable expired) {
        Alarm alarm = new Alarm(expired);
        alarms.add(alarm);
        return alarm;
    }

    void connect(InterruptController controller) {
        inputs = controller;
    }

    void interrupt(int source, boolean level) {
        inputs.input(source, level);
    }

    void post(Runnable action) {
        posted.add(action);
    }

    void work(Runnable work) {
        works.add(work);
    }

    /** One of the slow works that are under way ends. */
    void endWork(Draw draw) {
        if (!works.isEmpty()) {
            works.remove(draw.below(works.size())).run();
        }
    }

    /** Runs what was posted until now. */
    void boundary() {
        for (int left = posted.size(); left > 0; left--) {
            posted.remove().run();
        }
    }

    /** Lets everything come to rest that does so by itself within {@code rounds} boundaries. */
    boolean settles(int rounds) {
        for (int i = 0; i < rounds && (!posted.isEmpty() || !works.isEmpty()); i++) {
            List.copyOf(works).forEach(Runnable::run);
            works.clear();
            boundary();
        }
        return posted.isEmpty() && works.isEmpty();
    }

    void pass(long ticks) {
        mtime += ticks;
        List.copyOf(alarms).forEach(Alarm::look);
    }

    @Override
    public long mtime() {
        return mtime;
    }

    @Override
    public void mtime(long value) {
        mtime = value;
    }

    @Override
    public void close() {
        places.forEach(place -> place.device().close());
    }
}
