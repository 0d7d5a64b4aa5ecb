package tidemark.bench;

import java.time.Duration;

/**
 * A moment in the life of a process.
 *
 * @param wall since it was started
 * @param thread CPU time of its computing thread so far
 * @param all CPU time of all its threads so far, to 10 ms
 */
public record Moment(Duration wall, Duration thread, Duration all) {}
