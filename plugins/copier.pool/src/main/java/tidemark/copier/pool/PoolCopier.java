package tidemark.copier.pool;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.Option;

/** A fixed number of threads that share the chunks of each round: whoever is done takes the next. */
@Component(property = CopyStrategy.NAME + "=pool")
public final class PoolCopier implements CopyStrategy {
    private static final int MAX_THREADS = 256;

    @Override
    public String description() {
        return "copies on a fixed number of threads that share the work";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("threads", 2, 1, MAX_THREADS, "threads that copy"));
    }

    @Override
    public Copier open(CopyContext context) {
        return new Pool((int) context.option("threads"), context);
    }
}
