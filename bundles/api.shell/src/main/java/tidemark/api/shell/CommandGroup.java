package tidemark.api.shell;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Service: commands of one scope. The public methods with a {@code Descriptor} are commands of their names (an underscore at the end is dropped:
 * Java's keywords), each with an {@link Example}. Parameters with {@code Parameter} are options, with {@link Value} alone arguments; a
 * {@code CommandSession} is handed over. They run on the session's thread; what they refuse is a {@link CommandError}, what they return is shown,
 * as a table if it is {@link Tabular}.
 */
@ConsumerType
public interface CommandGroup {
    /** What stands before the colon of each command. */
    String scope();

    /** The heading of these commands in the help. */
    String title();
}
