package tidemark.machine;

import tidemark.api.machine.Stop;

/** One interval in which the guest stands, measured on the hart threads. Written under the gate's lock. */
final class Standstill {
    private final long begun = System.nanoTime();
    private long stopped = Long.MAX_VALUE;
    private long standing;
    private long resumed;
    private boolean over;

    /** A hart has left its engine at {@code time} and stands. */
    void hartStands(long time) {
        stopped = Math.min(stopped, time);
        standing = Math.max(standing, time);
    }

    /** The first hart goes on. */
    void end(long time) {
        resumed = time;
        over = true;
    }

    boolean over() {
        return over;
    }

    /** How long it is so far, in ns; a hart that waited for an interrupt before is not charged for that. */
    long length() {
        return stopped == Long.MAX_VALUE ? 0 : Math.max(0, (over ? resumed : System.nanoTime()) - Math.max(stopped, begun));
    }

    /** The part of this interval that follows a request: whoever asks a machine that stands already is not charged for what was before. */
    Stop since(long requested) {
        return new Stop(requested, Math.max(stopped, requested), Math.max(standing, requested), Math.max(over ? resumed : System.nanoTime(), requested));
    }
}
