package tidemark.api.checkpoint;

import java.time.Duration;
import java.util.List;

/**
 * What a checkpoint cost. All of it is measured by the session, the same way for every protocol. Times of the oracle are in none of the figures but {@code oracleTime}.
 *
 * @param latency request to durable image
 * @param pauses every interval in which the guest stood, in order
 * @param downtimeTotal their sum; of one: last guest instruction before it to the first after it
 * @param downtimeLongest the longest of them
 * @param progressPercent instructions that the guest retired from request to durable image, of those it would have at its undisturbed rate;
 *     at most the share of that time in which it did not stand
 * @param undisturbedMips the guest's rate in the windows before the request and after the end, averaged
 * @param pagesCopied a page copied twice counted twice
 * @param rounds passes over a set of pages, the one while paused included
 * @param imageBytes what the image takes on disk
 * @param hartThreadTime CPU time that the checkpoint took of the hart's own thread
 * @param checkpointThreadTime CPU time of the checkpoint's threads
 * @param handshakeLongest longest time from the request of a stop to all harts standing
 * @param samples guest progress over time, from the begin of the window before the request to the end of the one after the end
 * @param copyingEndedBy which rule ended the copying: {@code stop condition NAME}, {@code maxRounds=N}, {@code timeLimitMs=N}, or
 *     {@link #BY_PROTOCOL}
 * @param sideMemoryPeak the most bytes of pages that were kept beside RAM and image at once
 * @param stalls how often and how long those who write protected pages waited; in no downtime
 * @param conditions under which the figures were taken
 */
public record CheckpointReport(CheckpointRequest request, Duration latency, List<Pause> pauses, Duration downtimeTotal,
        Duration downtimeLongest, double progressPercent, double undisturbedMips, long pagesCopied, int rounds, long imageBytes,
        Duration hartThreadTime, Duration checkpointThreadTime, Duration handshakeLongest, Duration oracleTime,
        List<Round> roundList, List<Sample> samples, String copyingEndedBy, long sideMemoryPeak, Stalls stalls,
        Conditions conditions) {
    /** The protocol ended the copying by a rule of its own: no stop condition told it to. */
    public static final String BY_PROTOCOL = "protocol";

    /**
     * Waits of harts and devices before a store to a protected page ({@link CheckpointSession#protect}): for the page's bytes to be saved.
     *
     * @param total of all harts and devices
     */
    public record Stalls(long count, Duration total, Duration longest) {
        public static final Stalls NONE = new Stalls(0, Duration.ZERO, Duration.ZERO);
    }

    /**
     * @param kind start (of the log), epoch, slice, pause
     * @param begin since the request
     */
    public record Pause(String kind, Duration begin, Duration length) {}

    /**
     * @param begin since the request
     * @param paused whether the guest stood
     * @param dirtyAfter pages written by the guest meanwhile; 0 if paused
     */
    public record Round(int number, Duration begin, Duration length, long pages, long bytes, boolean paused, long dirtyAfter) {}

    /**
     * @param at since the request, negative before it
     * @param mips the guest's rate since the sample before
     */
    public record Sample(Duration at, double mips) {}
}
