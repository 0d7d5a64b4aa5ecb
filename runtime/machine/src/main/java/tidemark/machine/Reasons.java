package tidemark.machine;

import java.util.LinkedHashMap;
import java.util.Map;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.Machine.Status;

/** Why the harts of a machine have to stand for a while: no power, pause, holds, missing parts. Guarded by the gate's lock. */
final class Reasons {
    private final Map<Object, String> missing = new LinkedHashMap<>();
    private final Map<Object, String> holds = new LinkedHashMap<>();
    private boolean off = true;
    private String offReason = "not started";
    private int exitCode;
    private boolean paused;
    /** Empty if the user paused it. */
    private String pauseReason = "";
    private boolean closed;

    /** Whether there is any. */
    boolean any() {
        return off || paused || !missing.isEmpty() || !holds.isEmpty();
    }

    boolean off() {
        return off;
    }

    String offReason() {
        return offReason;
    }

    boolean paused() {
        return paused;
    }

    boolean held() {
        return !holds.isEmpty();
    }

    /** The machine is given up. */
    boolean closed() {
        return closed;
    }

    void powerOn(boolean andPause) {
        off = false;
        exitCode = 0;
        resume();
        paused = andPause;
    }

    void powerOff(String reason, int code) {
        off = true;
        resume();
        offReason = reason;
        exitCode = code;
    }

    /** @return whether that is news. The first reason counts: a device's stays if the user pauses, too */
    boolean pause(String reason) {
        boolean news = !paused || pauseReason.isEmpty() && !reason.isEmpty();
        paused = true;
        pauseReason = pauseReason.isEmpty() ? reason : pauseReason;
        return news;
    }

    void resume() {
        paused = false;
        pauseReason = "";
    }

    void hold(Object key, String reason) {
        holds.put(key, reason);
    }

    void release(Object key) {
        holds.remove(key);
    }

    void freeze(Object key, String reason) {
        missing.put(key, reason);
    }

    void thaw(Object key) {
        missing.remove(key);
    }

    void close() {
        closed = true;
        powerOff("destroyed", exitCode);
    }

    Power power() {
        return off ? Power.OFF : !missing.isEmpty() ? Power.FROZEN : paused ? Power.PAUSED : Power.RUNNING;
    }

    Status status() {
        Power power = power();
        String reason = switch (power) {
            case OFF -> offReason;
            case FROZEN -> String.join("; ", missing.values());
            case PAUSED -> pauseReason;
            case RUNNING -> String.join("; ", holds.values());
        };
        return new Status(power, reason, exitCode);
    }
}
