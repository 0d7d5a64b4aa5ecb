package tidemark.shell;

import java.time.Duration;

/**
 * A part of a running machine that was replaced, or one for its checkpoints that was chosen.
 *
 * @param pause last guest instruction before to first after; zero if the machine was not running or did not have to stand
 */
public record Exchange(String part, String was, String now, Duration pause) {}
