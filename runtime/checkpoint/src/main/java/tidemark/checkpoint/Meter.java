package tidemark.checkpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tidemark.api.checkpoint.CheckpointReport;
import tidemark.api.checkpoint.CheckpointReport.Pause;
import tidemark.api.checkpoint.CheckpointReport.Round;
import tidemark.api.checkpoint.CheckpointReport.Sample;
import tidemark.api.checkpoint.CheckpointReport.Stalls;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Progress;
import tidemark.api.machine.Stop;
import tidemark.api.memory.PhysicalMemory;

/** What one checkpoint costs: its stops, rounds and rates. The same for every protocol. Any thread. Times of {@link System#nanoTime}. */
final class Meter {
    private static final int RATE_ROUNDS = 3;
    private static final double SECOND = 1e9;

    private final List<Pause> pauses = new ArrayList<>();
    private final List<Round> rounds = new ArrayList<>();
    /** Time in which pages were copied, of each round; shorter than the round if it was copied in slices. */
    private final List<Long> busy = new ArrayList<>();
    private String phase = "starting";
    private long request = System.nanoTime();
    private GuestSampler.Point atRequest;
    private long durable;
    private GuestSampler.Point atDurable;
    private String copyingEndedBy = CheckpointReport.BY_PROTOCOL;
    private long end;
    private long handshakeLongest;
    private long hartTime;
    private long oracleStanding;
    private long oracleTotal;
    private final List<Span> oracleSpans = new ArrayList<>();
    private long epochBegin = request;
    private double dirtyRate;
    private Stalls stalls = Stalls.NONE;
    private long sideMemoryPeak;

    private boolean inRound;
    private boolean roundPaused;
    private long roundBegin;
    private long roundBusy;
    private long roundPages;
    private long roundBytes;
    private long pending;
    private long pagesCopied;
    private long bytesCopied;
    private long bytesWritten;

    /** The checkpoint begins. */
    synchronized void request(GuestSampler.Point guest) {
        request = guest.time();
        epochBegin = request;
        atRequest = guest;
    }

    /** Where the checkpoint is, for people. */
    synchronized String place() {
        return rounds.isEmpty() && !inRound ? phase : "round " + (rounds.size() + (inRound ? 1 : 0)) + " (" + phase + ")";
    }

    synchronized void phase(String name) {
        phase = name;
    }

    synchronized void end() {
        end = System.nanoTime();
    }

    synchronized void durable(long bytes, GuestSampler.Point guest) {
        durable = guest.time();
        bytesWritten = bytes;
        atDurable = guest;
    }

    /** @param rule that said so */
    synchronized void copyingEndedBy(String rule) {
        copyingEndedBy = rule;
    }

    synchronized String copyingEndedBy() {
        return copyingEndedBy;
    }

    synchronized long elapsed() {
        return (end == 0 ? System.nanoTime() : end) - request;
    }

    /** @param oracle how much of the stop was the oracle's */
    synchronized void stopped(String kind, Stop stop, long oracle) {
        pauses.add(new Pause(kind, Duration.ofNanos(stop.stopped() - request),
                Duration.ofNanos(Math.max(0, stop.downtime().toNanos() - oracle))));
        handshakeLongest = Math.max(handshakeLongest, stop.latency().toNanos());
    }

    /** The pages that were protected are saved. */
    synchronized void protection(Stalls all, long peakBytes) {
        stalls = all;
        sideMemory(peakBytes);
    }

    /** At most so many bytes were kept beside RAM and image at once. */
    synchronized void sideMemory(long peakBytes) {
        sideMemoryPeak = Math.max(sideMemoryPeak, peakBytes);
    }

    /** CPU time of a hart's own thread. */
    synchronized void hartTime(long nanos) {
        hartTime += nanos;
    }

    /** The oracle has just worked for that long. */
    synchronized void oracle(long nanos, boolean standing) {
        oracleTotal += nanos;
        oracleStanding += standing ? nanos : 0;
        if (standing) {
            long now = System.nanoTime();
            oracleSpans.add(new Span(now - nanos, now));
        }
    }

    /** When the guest stood for the oracle only: time that is in no figure. */
    synchronized List<Span> oracleSpans() {
        return List.copyOf(oracleSpans);
    }

    /** Times of {@link System#nanoTime}. */
    record Span(long begin, long end) {
        /** How much of it is before {@code time}. */
        long before(long time) {
            return Math.clamp(time - begin, 0L, end - begin);
        }
    }

    synchronized void beginRound(long pages, boolean paused) {
        inRound = true;
        roundPaused = paused;
        roundBegin = System.nanoTime();
        roundBusy = 0;
        roundPages = 0;
        roundBytes = 0;
        pending = pages;
        phase = paused ? "pause" : "round";
    }

    synchronized boolean inRound() {
        return inRound;
    }

    synchronized void copied(int pages, int dataPages, long imageBytes) {
        pagesCopied += pages;
        roundPages += pages;
        bytesCopied += (long) dataPages * PhysicalMemory.PAGE_SIZE;
        roundBytes += (long) dataPages * PhysicalMemory.PAGE_SIZE;
        pending = Math.max(0, pending - pages);
        bytesWritten = imageBytes;
    }

    synchronized void busy(long nanos) {
        roundBusy += nanos;
    }

    /** @return the round, or null if none was running */
    synchronized Round endRound() {
        if (!inRound) {
            return null;
        }
        inRound = false;
        Round round = new Round(rounds.size() + 1, Duration.ofNanos(roundBegin - request), Duration.ofNanos(System.nanoTime() - roundBegin),
                roundPages, roundBytes, roundPaused, 0);
        rounds.add(round);
        busy.add(roundBusy);
        return round;
    }

    synchronized int rounds() {
        return rounds.size();
    }

    /** Of pages that are not all zero. */
    synchronized long bytesCopied() {
        return bytesCopied;
    }

    synchronized long pagesCopied() {
        return pagesCopied;
    }

    synchronized void beginEpoch() {
        epochBegin = System.nanoTime();
    }

    /** The epoch that began at {@link #beginEpoch} ended at {@code at} with that many pages written. */
    synchronized void endEpoch(long at, long dirty) {
        dirtyRate = dirty * SECOND / Math.max(1, at - epochBegin);
        epochBegin = at;
        pending = dirty;
        if (!rounds.isEmpty() && !rounds.getLast().paused()) {
            Round r = rounds.removeLast();
            rounds.add(new Round(r.number(), r.begin(), r.length(), r.pages(), r.bytes(), false, dirty));
        }
    }

    /** Progress as a stop condition sees it, between rounds. */
    synchronized Progress progress(long pendingPages) {
        pending = pendingPages;
        return progress();
    }

    synchronized Progress progress() {
        double rate = pagesPerSecond();
        Duration downtime = rate == 0 ? Duration.ZERO : Duration.ofNanos((long) (pending / rate * SECOND));
        return new Progress(phase, rounds.size() + (inRound ? 1 : 0), pending, pagesCopied, bytesWritten, dirtyRate, rate, downtime,
                Duration.ofNanos(elapsed()));
    }

    /** Of pages with data: what is pending was written lately, and pages of zeros take next to no time. */
    private double pagesPerSecond() {
        long bytes = inRound ? roundBytes : 0;
        long time = inRound ? roundBusy : 0;
        for (int i = Math.max(0, rounds.size() - RATE_ROUNDS); i < rounds.size(); i++) {
            bytes += rounds.get(i).bytes();
            time += busy.get(i);
        }
        return time == 0 ? 0 : bytes / PhysicalMemory.PAGE_SIZE * SECOND / time;
    }

    synchronized CheckpointReport report(CheckpointRequest of, Surroundings surroundings, Duration threadTime, List<Sample> samples) {
        long latency = durable - request;
        long total = pauses.stream().mapToLong(p -> p.length().toNanos()).sum();
        long longest = pauses.stream().mapToLong(p -> p.length().toNanos()).max().orElse(0);
        long ran = Math.max(1, latency - oracleStanding - standingUntilDurable());
        return new CheckpointReport(of, Duration.ofNanos(latency - oracleTotal), List.copyOf(pauses), Duration.ofNanos(total),
                Duration.ofNanos(longest), progress(surroundings.rate(), ran), surroundings.rate() / 1e6, pagesCopied, rounds.size(),
                bytesWritten, Duration.ofNanos(hartTime), threadTime, Duration.ofNanos(handshakeLongest), Duration.ofNanos(oracleTotal),
                List.copyOf(rounds), samples, copyingEndedBy, sideMemoryPeak, stalls, surroundings.conditions(atRequest, atDurable, ran, counted(surroundings.rate())));
    }

    /** The guest cannot have done more than run undisturbed whenever it did not stand: what is counted above that is cut off. */
    private double progress(double rate, long ran) {
        double counted = counted(rate);
        return Double.isNaN(counted) ? 100 : Math.min(100 * ran / time(), counted);
    }

    /** In percent; NaN if nothing is expected of the guest. */
    private double counted(double rate) {
        double expected = rate * time() / SECOND;
        return expected == 0 ? Double.NaN : 100 * (atDurable.instructions() - atRequest.instructions()) / expected;
    }

    /** From request to durable image, without what the oracle took of the guest's time. */
    private double time() {
        return Math.max(1, durable - request - oracleStanding);
    }

    private long standingUntilDurable() {
        return pauses.stream().mapToLong(p -> Math.clamp(durable - request - p.begin().toNanos(), 0, p.length().toNanos())).sum();
    }
}
