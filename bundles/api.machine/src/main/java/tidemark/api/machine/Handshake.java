package tidemark.api.machine;

/** The outcome of a handshake. */
public record Handshake<T>(T result, Stop stop) {}
