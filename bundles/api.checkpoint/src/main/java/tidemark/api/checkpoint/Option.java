package tidemark.api.checkpoint;

/**
 * An option of a protocol, copy strategy or stop condition: a whole number. The platform checks its value when a checkpoint is requested, before
 * anything is touched.
 *
 * @param name with its unit: {@code downtimeLimitMs}
 * @param absent the default
 * @param least the smallest value that is allowed
 * @param most the largest
 */
public record Option(String name, long absent, long least, long most, String description) {
    /** Without an upper limit. */
    public Option(String name, long absent, long least, String description) {
        this(name, absent, least, Long.MAX_VALUE, description);
    }

    /** The values that are allowed, in words: {@code 1 to 256} or {@code 0 or more}. */
    public String allowed() {
        return most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
    }
}
