package tidemark.contract.protocol;

import java.io.IOException;
import java.nio.file.Path;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;

/** The platform under test. Any thread. */
public interface Platform {
    Machines machines();

    Parts parts();

    Checkpoints checkpoints();

    /**
     * Deploys a part.
     *
     * @param property that holds its name, for example {@link tidemark.api.checkpoint.ImageLayout#NAME}
     */
    <T> Deployment deploy(Class<T> type, String property, String name, T part);

    /**
     * Of a process that uses classes of deployed parts.
     *
     * @param folder for files that are made for it
     */
    String classPath(Path folder) throws IOException;

    /** A part that was deployed; closing it takes the part away, as when its bundle stops. */
    @FunctionalInterface
    interface Deployment extends AutoCloseable {
        @Override
        void close();
    }
}
