package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.machine.Machine;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.tracker.writefault.WriteFaultTracker;

@Timeout(60)
class LossyTrackerTest {
    private final DeployedProtocolsTest deployed = new DeployedProtocolsTest();
    private final Platform platform = deployed.platform();
    @TempDir
    private Path folder;

    @Test
    void verifyFindsAPageThatATrackerLost() throws Exception {
        deployed.parts().with("tracker", "lossy", new LossyTracker());
        Combination parts = Combination.of("thread").with("tracker", "lossy");
        Machine machine = platform.machines().create(AbGuest.spec("ab", parts));
        machine.start();
        AbGuest.awaitRounds(machine);
        CheckpointRequest request = parts.request("ab", folder.resolve("image"));
        platform.checkpoints().start(request).await(progress -> {});
        Verdict verdict = platform.checkpoints().verify(request.image());
        assertFalse(verdict.equal(), "a tracker that loses every other page cannot yield a whole image");
        assertEquals(List.of(), verdict.differingStates());
        assertTrue(verdict.pagesDiffering() > 0);
        platform.machines().destroy("ab");
    }

    /** Forgets odd pages. */
    private static final class LossyTracker implements DirtyTracker {
        @Override
        public DirtyLog open(PhysicalMemory memory) {
            DirtyLog log = new WriteFaultTracker().open(memory);
            return new DirtyLog() {
                @Override
                public Barrier barrier() {
                    return log.barrier();
                }

                @Override
                public void mark(long page) {
                    log.mark(page);
                }

                @Override
                public void flip() {
                    log.flip();
                }

                @Override
                public void collect(PageSet into) {
                    PageSet all = PageSet.none(into.capacity());
                    log.collect(all);
                    all.forEach(page -> {
                        if ((page & 1) == 0) {
                            into.add(page);
                        }
                    });
                }

                @Override
                public void close() {
                    log.close();
                }
            };
        }
    }
}
