package tidemark.contract.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints.Verdict;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.checkpoint.PageBatch;
import tidemark.api.machine.Machine;
import tidemark.api.memory.Barrier;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.state.State;
import tidemark.store.file.StreamLayout;
import tidemark.tracker.writefault.WriteFaultTracker;

/** Parts that fail, and machines that go, while a real guest runs. */
@Timeout(60)
class BrokenPartsTest {
    private final DeployedProtocolsTest deployed = new DeployedProtocolsTest();
    private final ProtocolContract.Platform platform = deployed.platform();
    @TempDir
    private Path folder;

    @AfterEach
    void destroyMachines() {
        platform.machines().list().forEach(machine -> platform.machines().destroy(machine.name()));
    }

    private Machine abGuest() throws InterruptedException {
        Machine machine = platform.machines().create(AbGuest.spec("ab"));
        machine.start();
        AbGuest.awaitRounds(machine);
        return machine;
    }

    private CheckpointRequest request(String protocol) {
        return CheckpointRequest.of("ab", folder.resolve("image"), protocol).withOracle(true).withOption("rateWindowMs", 20);
    }

    @Test
    void verifyFindsAPageThatATrackerLost() throws Exception {
        abGuest();
        deployed.parts().with("tracker", "lossy", new LossyTracker());
        CheckpointRequest request = request("thread").withTracker("lossy");
        platform.checkpoints().start(request).await(progress -> {});
        Verdict verdict = platform.checkpoints().verify(request.image());
        assertFalse(verdict.equal(), "a tracker that loses every other page cannot yield a whole image");
        assertEquals(List.of(), verdict.differingStates());
        assertTrue(verdict.pagesDiffering() > 0);
    }

    @Test
    void noImageIsLeftAndTheGuestGoesOnWhenTheStoreFailsMidRound() throws Exception {
        Machine machine = abGuest();
        for (String protocol : platform.parts().names("protocol")) {
            AtomicInteger batchesLeft = new AtomicInteger(5);
            deployed.parts().with("layout", "full", new HookedLayout(new StreamLayout(), () -> {
                if (batchesLeft.getAndDecrement() == 0) {
                    throw new IOException("no space left");
                }
            }));
            CheckpointTask task = platform.checkpoints().start(request(protocol).withLayout("full"));
            CheckpointException e = assertThrows(CheckpointException.class, () -> task.await(progress -> {}));
            assertTrue(e.getMessage().contains("no space left") && e.getMessage().contains("the guest goes on"), e.getMessage());
            assertSame(DirtyLog.NONE, machine.memory().dirtyLog());
            assertNoFiles();
            long before = machine.instructions();
            AbGuest.awaitRounds(machine);
            while (machine.instructions() == before) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void checkpointOfAMachineThatIsDestroyedFailsAndLeavesNoImage() throws Exception {
        for (String protocol : platform.parts().names("protocol")) {
            Machine machine = abGuest();
            CountDownLatch copying = new CountDownLatch(1);
            deployed.parts().with("layout", "slow", new HookedLayout(new StreamLayout(), () -> {
                copying.countDown();
                awaitOff(machine);
            }));
            CheckpointTask task = platform.checkpoints().start(request(protocol).withLayout("slow"));
            copying.await();
            platform.machines().destroy("ab");
            CheckpointException e = assertThrows(CheckpointException.class, () -> task.await(progress -> {}));
            assertTrue(e.getMessage().contains("the machine is off"), e.getMessage());
            assertNoFiles();
        }
    }

    private void assertNoFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
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

    private static void awaitOff(Machine machine) {
        while (machine.status().power() != Machine.Power.OFF) {
            Thread.onSpinWait();
        }
    }

    @FunctionalInterface
    private interface Hook {
        void run() throws IOException;
    }

    /** A layout in which something happens before each batch of pages. */
    private record HookedLayout(ImageLayout layout, Hook hook) implements ImageLayout {
        @Override
        public String description() {
            return "stream, and something happens";
        }

        @Override
        public ImageWriter create(Path file, long pages) throws CheckpointException {
            ImageWriter writer = layout.create(file, pages);
            return new ImageWriter() {
                @Override
                public void writePages(PageBatch batch) throws IOException {
                    hook.run();
                    writer.writePages(batch);
                }

                @Override
                public void writeStates(List<State> states) throws IOException {
                    writer.writeStates(states);
                }

                @Override
                public long bytes() {
                    return writer.bytes();
                }

                @Override
                public void publish(Map<String, String> manifest) throws IOException {
                    writer.publish(manifest);
                }

                @Override
                public void close() {
                    writer.close();
                }
            };
        }

        @Override
        public boolean recognizes(Path file) {
            return layout.recognizes(file);
        }

        @Override
        public ImageReader open(Path file) throws CheckpointException {
            return layout.open(file);
        }
    }
}
