package tidemark.copier.pool;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.Option;

/** A fixed number of threads that share the chunks of each round: whoever is done takes the next. */
@Component(property = CopyStrategy.NAME + "=pool")
public final class PoolCopier implements CopyStrategy {
    private static final String THREADS = "threads";
    private static final int MAX_THREADS = 256;

    @Override
    public String description() {
        return "copies on a fixed number of threads that share the work";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(THREADS, "2", "threads that copy, 1 to " + MAX_THREADS));
    }

    @Override
    public Copier open(CopyContext context) throws CheckpointException {
        long threads = context.number(THREADS, 1);
        if (threads > MAX_THREADS) {
            throw new CheckpointException("Option " + THREADS + "=" + threads + " of copier pool: give 1 to " + MAX_THREADS);
        }
        return new Pool((int) threads, context);
    }
}
