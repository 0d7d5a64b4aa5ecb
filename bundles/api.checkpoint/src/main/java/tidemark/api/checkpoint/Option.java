package tidemark.api.checkpoint;

/**
 * An option of a protocol, copy strategy or stop condition.
 *
 * @param name with its unit: {@code downtimeLimitMs}
 * @param absent the default
 */
public record Option(String name, String absent, String description) {}
