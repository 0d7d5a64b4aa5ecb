package tidemark.api.checkpoint;

import java.time.Duration;

/**
 * How far a checkpoint is.
 *
 * @param phase for people: starting, round, pause, commit, done, failed, cancelled
 * @param round the round that is running or ended last, from 1; 0 before the first
 * @param pendingPages pages still to be copied in this round, or, between rounds, in the next
 * @param pagesCopied pages copied so far, a page copied twice counted twice
 * @param bytesWritten to the image so far
 * @param dirtyPagesPerSecond of the last epoch; 0 before the first ended
 * @param pagesPerSecond pages with data that were copied per second over the last rounds, the time that pages of zeros took
 *     included; 0 before any was
 * @param expectedDowntime the time that copying what is pending would take at that rate
 * @param elapsed since the request
 */
public record Progress(String phase, int round, long pendingPages, long pagesCopied, long bytesWritten, double dirtyPagesPerSecond,
        double pagesPerSecond, Duration expectedDowntime, Duration elapsed) {}
