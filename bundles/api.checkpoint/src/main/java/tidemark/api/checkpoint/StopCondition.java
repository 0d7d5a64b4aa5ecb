package tidemark.api.checkpoint;

import java.util.List;
import java.util.function.ToLongFunction;
import org.osgi.annotation.versioning.ConsumerType;

/** Service: decides when rounds of copying end and the guest is stopped for the rest. Its name is the service property {@link #NAME}. */
@ConsumerType
public interface StopCondition {
    String NAME = "tidemark.stop";

    /** One line for people. */
    String description();

    default List<Option> options() {
        return List.of();
    }

    /**
     * Asked after each round, on the checkpoint's thread. The platform bounds rounds and time by itself.
     *
     * @param option gives the value of a declared option
     */
    boolean reached(Progress progress, ToLongFunction<String> option);
}
