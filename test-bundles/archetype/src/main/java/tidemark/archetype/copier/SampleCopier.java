package tidemark.archetype.copier;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.Option;

/** The chunks of a round in strides: 0, n, 2n, and so on, then 1, n + 1, ... */
@Component(property = CopyStrategy.NAME + "=sample")
public final class SampleCopier implements CopyStrategy {
    private static final Option STRIDE = new Option("stride", 4, 1, 1024, "chunks from one that is copied to the next");

    @Override
    public String description() {
        return "copies on the checkpoint's own thread, in strides";
    }

    @Override
    public List<Option> options() {
        return List.of(STRIDE);
    }

    /** The copier of one checkpoint. Threads of its own would come from {@code context.newThread}, which counts their time, and end in {@code close}. */
    @Override
    public Copier open(CopyContext context) {
        int stride = (int) context.option(STRIDE.name());
        return new Copier() {
            @Override
            public void copy(List<Chunk> chunks) throws IOException {
                for (int first = 0; first < stride; first++) {
                    for (int i = first; i < chunks.size(); i += stride) {
                        chunks.get(i).copy();
                    }
                }
            }

            @Override
            public void close() {}
        };
    }
}
