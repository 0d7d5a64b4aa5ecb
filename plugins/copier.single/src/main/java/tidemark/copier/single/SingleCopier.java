package tidemark.copier.single;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CopyStrategy;

/** One chunk after the other on the calling thread, the checkpoint's own. */
@Component(property = CopyStrategy.NAME + "=single")
public final class SingleCopier implements CopyStrategy {
    @Override
    public String description() {
        return "copies on the checkpoint's own thread, in ascending order";
    }

    @Override
    public Copier open(CopyContext context) {
        return new Copier() {
            @Override
            public void copy(List<Chunk> chunks) throws IOException, InterruptedException {
                for (Chunk chunk : chunks) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("Interrupted between two chunks of a round");
                    }
                    chunk.copy();
                }
            }

            @Override
            public void close() {}
        };
    }
}
