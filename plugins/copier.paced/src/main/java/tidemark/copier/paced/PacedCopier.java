package tidemark.copier.paced;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CopyStrategy;
import tidemark.api.checkpoint.Option;

/** One chunk after the other on the calling thread, no faster than a limit while the guest runs: the disk and the memory bus are the guest's, too. */
@Component(property = CopyStrategy.NAME + "=paced")
public final class PacedCopier implements CopyStrategy {
    private static final String LIMIT = "paceMiBps";

    @Override
    public String description() {
        return "copies on the checkpoint's own thread at a limited rate, and as fast as it can while the guest stands";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(LIMIT, 256, 1, "MiB of pages with data that are copied per second at most while the guest runs"));
    }

    @Override
    public Copier open(CopyContext context) {
        long bytesPerSecond = context.option(LIMIT) << 20;
        return new Copier() {
            @Override
            public void copy(List<Chunk> chunks) throws IOException, InterruptedException {
                long begin = System.nanoTime();
                long before = context.bytesCopied();
                for (Chunk chunk : chunks) {
                    chunk.copy();
                    double seconds = (double) (context.bytesCopied() - before) / bytesPerSecond;
                    long early = begin + (long) (seconds * TimeUnit.SECONDS.toNanos(1)) - System.nanoTime();
                    if (early > 0 && !context.guestStands()) {
                        TimeUnit.NANOSECONDS.sleep(early);
                    }
                }
            }

            @Override
            public void close() {}
        };
    }
}
