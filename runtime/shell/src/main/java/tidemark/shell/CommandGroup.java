package tidemark.shell;

/**
 * Commands of one scope: the public methods with a {@code Descriptor} are commands of their names (an underscore at the end is dropped:
 * Java's keywords).
 * Parameters with {@code Parameter} are options, with {@link Value} alone arguments; a {@code CommandSession} is handed over.
 */
public interface CommandGroup {
    String scope();
}
